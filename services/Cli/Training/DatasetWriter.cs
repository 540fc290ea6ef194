using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;

namespace BoneMet.Cli.Training;

/// <summary>
/// Writes a generated training set: cases.csv, volumes.f32 and tiles.u8 (prepared by the code that serving uses), masks.u8 (how full of lesion each block
/// of a cube is: a target of training, never an input), and dataset.json, which holds shapes and digests. The demonstration contract is smaller than the clinical one, so that two CPU cores can learn it.
/// </summary>
internal static class DatasetWriter
{
    public const int CubeSize = 32;
    public const double CubeSpacingMm = 3.0;
    public const int TileSize = 64;
    public const double TileMicrons = 1.0;

    /// <summary>Edge of masks.u8: blocks of 2³ voxels of the cube.</summary>
    public const int MaskSize = CubeSize / 2;

    /// <summary>Edge of the generated scan, mm: the cube and a margin for it to move in.</summary>
    private const double ScanMm = 116;

    private const double EntropyBinHu = 25;
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Same as bonemet_training/export.py writes into the encoder's contract.</summary>
    public static IReadOnlyList<IntensityWindow> Windows { get; } = [new(-160, 240), new(-500, 1300)];

    public static void Write(DatasetOptions options, Action<int> progress)
    {
        options.Out.Create();
        string At(string name) => Path.Combine(options.Out.FullName, name);
        var cube = new float[Windows.Count * CubeSize * CubeSize * CubeSize];
        var tile = new byte[TileSize * TileSize * 3];
        var blocks = new byte[MaskSize * MaskSize * MaskSize];
        using (var table = new StreamWriter(At("cases.csv")))
        using (var volumes = File.Create(At("volumes.f32")))
        using (var masks = File.Create(At("masks.u8")))
        using (var tiles = File.Create(At("tiles.u8")))
        {
            table.NewLine = "\n";
            table.WriteLine("patient,site,outcome,age,alp,imaging_log_odds,pathology_log_odds,clinical_log_odds,log_volume,sphericity,entropy,mean_hu,spiculation,heterogeneity,necrosis,nuclear_radius,nuclei_per_mm2");
            for (var number = 0; number < options.Patients; number++)
            {
                var patient = SyntheticPatient.Draw(options.Seed, number);
                var lesion = new SyntheticLesion(patient.Seed, patient.Lesion, new(0, 0, 0));
                var (volume, mask) = Scan(patient, lesion);
                var centre = mask.Centroid()!.Value;
                CubeInput.Read(volume, centre, CubeSize, CubeSpacingMm, Windows, LesionCube.Air, cube);
                volumes.Write(MemoryMarshal.AsBytes<float>(cube));
                Fullness(lesion, centre, blocks);
                masks.Write(blocks);
                var tissue = new SyntheticTissue(patient.Seed, patient.Tissue);
                for (var n = 0; n < options.TilesPerSlide; n++)
                {
                    tissue.Render(n * 1000, 0, TileSize, TileMicrons, tile);
                    tiles.Write(tile);
                }
                var shape = lesion.Shape();
                var (entropy, mean) = FirstOrder(volume, mask);
                table.WriteLine(string.Join(',', new[]
                {
                    string.Create(CultureInfo.InvariantCulture, $"P{number:D6}"), $"S{number % options.Sites}", patient.Outcome ? "1" : "0", Text(patient.Age), Text(patient.Phosphatase),
                    Text(patient.ImagingLogOdds), Text(patient.PathologyLogOdds), Text(patient.ClinicalLogOdds),
                    Text(Math.Log(shape.VolumeMm3)), Text(shape.Sphericity), Text(entropy), Text(mean),
                    Text(patient.Lesion.Spiculation), Text(patient.Lesion.Heterogeneity), Text(patient.Lesion.Necrosis), Text(patient.Tissue.NuclearRadius), Text(patient.Tissue.NucleiPerMm2),
                }));
                progress(number + 1);
            }
        }
        File.WriteAllText(At("dataset.json"), JsonSerializer.Serialize(
            new
            {
                schema = "bonemet.training-set/1",
                kind = "synthetic",
                statement = "Generated in code; no patient. For demonstration and for tests with a known answer.",
                seed = options.Seed,
                patients = options.Patients,
                sites = options.Sites,
                factors = new[] { "age", "alp" },
                volumes = new { file = "volumes.f32", shape = new[] { options.Patients, Windows.Count, CubeSize, CubeSize, CubeSize }, spacingMm = CubeSpacingMm, sha256 = Digest(At("volumes.f32")) },
                masks = new { file = "masks.u8", shape = new[] { options.Patients, MaskSize, MaskSize, MaskSize }, sha256 = Digest(At("masks.u8")) },
                tiles = new { file = "tiles.u8", shape = new[] { options.Patients, options.TilesPerSlide, TileSize, TileSize, 3 }, micronsPerPixel = TileMicrons, sha256 = Digest(At("tiles.u8")) },
                cases = new { file = "cases.csv", sha256 = Digest(At("cases.csv")) },
            },
            Format) + "\n");
    }

    /// <summary>The patient's scan, on a grid whose spacing differs from patient to patient as it does between scanners.</summary>
    internal static (Volume Volume, Mask Mask) Scan(SyntheticPatient patient, SyntheticLesion lesion)
    {
        var inPlane = 1.6 + (0.8 * ((patient.Seed & 0xFFFF) / 65536.0));
        var slice = 2.0 + (2.0 * ((patient.Seed >> 16 & 0xFFFF) / 65536.0));
        var (columns, slices) = ((int)Math.Ceiling(ScanMm / inPlane), (int)Math.Ceiling(ScanMm / slice));
        return lesion.Render(Grid.Aligned(
            columns, columns, slices, new(inPlane, inPlane, slice), new(-(columns - 1) / 2.0 * inPlane, -(columns - 1) / 2.0 * inPlane, -(slices - 1) / 2.0 * slice)));
    }

    /// <summary>How full of lesion each block of a cube around <paramref name="centre"/> is, 0 to 255, z × y × x.</summary>
    private static void Fullness(SyntheticLesion lesion, Point3 centre, Span<byte> blocks)
    {
        blocks.Clear();
        for (var n = 0; n < CubeSize * CubeSize * CubeSize; n++)
        {
            var (x, y, z) = (n % CubeSize, n / CubeSize % CubeSize, n / (CubeSize * CubeSize));
            const double Middle = (CubeSize - 1) / 2.0;
            var relative = centre + new Point3((x - Middle) * CubeSpacingMm, (y - Middle) * CubeSpacingMm, (z - Middle) * CubeSpacingMm) - lesion.Centre;
            if (!lesion.Contains(relative)) { continue; }
            ref var block = ref blocks[(x / 2) + (MaskSize * ((y / 2) + (MaskSize * (z / 2))))];
            block = (byte)Math.Min(255, block + 32);
        }
    }

    /// <summary>Entropy (bits, bins of 25 HU; IBSI TLU2) and mean (HU; IBSI Q4LE) inside the mask.</summary>
    private static (double Entropy, double Mean) FirstOrder(Volume volume, Mask mask)
    {
        var counts = new SortedDictionary<int, int>();
        var sum = 0.0;
        for (var n = 0; n < volume.Grid.Count; n++)
        {
            if (!mask[n]) { continue; }
            sum += volume[n];
            var bin = (int)Math.Floor(volume[n] / EntropyBinHu);
            counts[bin] = counts.GetValueOrDefault(bin) + 1;
        }
        var entropy = 0.0;
        foreach (var count in counts.Values)
        {
            var p = (double)count / mask.Count;
            entropy -= p * Math.Log2(p);
        }
        return (entropy, sum / mask.Count);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
