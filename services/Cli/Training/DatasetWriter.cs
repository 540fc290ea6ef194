using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;

namespace BoneMet.Cli.Training;

/// <summary>
/// Writes a generated training set: cases.csv, volumes.f32 and tiles.u8 (prepared by the code that serving uses), and dataset.json, which holds
/// shapes and digests. The demonstration contract is smaller than the clinical one, so that two CPU cores can learn it.
/// </summary>
internal static class DatasetWriter
{
    public const int CubeSize = 32;
    public const double CubeSpacingMm = 3.0;
    public const int TileSize = 64;
    public const double TileMicrons = 1.0;

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
        using (var table = new StreamWriter(At("cases.csv")))
        using (var volumes = File.Create(At("volumes.f32")))
        using (var tiles = File.Create(At("tiles.u8")))
        {
            table.NewLine = "\n";
            table.WriteLine("patient,site,outcome,age,log_marker,imaging_log_odds,pathology_log_odds,clinical_log_odds,log_volume,sphericity,entropy,mean_hu");
            for (var number = 0; number < options.Patients; number++)
            {
                var patient = SyntheticPatient.Draw(options.Seed, number);
                var lesion = new SyntheticLesion(patient.Seed, patient.Lesion, new(0, 0, 0));
                var (volume, mask) = Scan(patient, lesion);
                CubeInput.Read(volume, mask.Centroid()!.Value, CubeSize, CubeSpacingMm, Windows, LesionCube.Air, cube);
                volumes.Write(MemoryMarshal.AsBytes<float>(cube));
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
                    string.Create(CultureInfo.InvariantCulture, $"P{number:D6}"), $"S{number % options.Sites}", patient.Outcome ? "1" : "0", Text(patient.Age), Text(patient.LogMarker),
                    Text(patient.ImagingLogOdds), Text(patient.PathologyLogOdds), Text(patient.ClinicalLogOdds),
                    Text(Math.Log(shape.VolumeMm3)), Text(shape.Sphericity), Text(entropy), Text(mean),
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
                volumes = new { file = "volumes.f32", shape = new[] { options.Patients, Windows.Count, CubeSize, CubeSize, CubeSize }, spacingMm = CubeSpacingMm, sha256 = Digest(At("volumes.f32")) },
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
