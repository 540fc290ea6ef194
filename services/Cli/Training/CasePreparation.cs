using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Volumes;

namespace BoneMet.Cli.Training;

/// <summary>Turns volumes and lesion masks of a hospital's own cases into a training set, with the preprocessing that serving uses.</summary>
internal static class CasePreparation
{
    private static readonly string[] Columns = ["patient", "site", "outcome", "volume", "mask"];
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>Number of cases.</returns>
    /// <exception cref="TrainingFailure">A line or a file cannot be used; it is named.</exception>
    public static int Write(FileInfo cases, DirectoryInfo folder, int size)
    {
        if (!cases.Exists) { throw new TrainingFailure($"--cases {cases}: there is no such file."); }
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any()) { throw new TrainingFailure($"--out {folder}: the folder is not empty."); }
        var rows = Rows(cases);
        folder.Create();
        string At(string name) => Path.Combine(folder.FullName, name);
        var spacing = 96.0 / size;
        var cube = new float[DatasetWriter.Windows.Count * size * size * size];
        using (var table = new StreamWriter(At("cases.csv")) { NewLine = "\n" })
        using (var volumes = File.Create(At("volumes.f32")))
        {
            table.WriteLine("patient,site,outcome,log_volume");
            foreach (var (line, row) in rows)
            {
                var (volume, mask) = (Read(cases, line, row["volume"], NrrdFile.ReadVolume), Read(cases, line, row["mask"], NrrdFile.ReadMask));
                if (mask.Centroid() is not { } centre || !volume.Grid.Contains(centre)) { throw new TrainingFailure($"{cases.Name} line {line}: the mask is empty or lies outside the volume."); }
                CubeInput.Read(volume, centre, size, spacing, DatasetWriter.Windows, LesionCube.Air, cube);
                if (cube.Any(value => !float.IsFinite(value))) { throw new TrainingFailure($"{cases.Name} line {line}: the volume holds values that are not numbers."); }
                volumes.Write(MemoryMarshal.AsBytes<float>(cube));
                table.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row["patient"]},{row["site"]},{row["outcome"]},{Math.Log(mask.VolumeMm3):R}"));
            }
        }
        File.WriteAllText(At("dataset.json"), JsonSerializer.Serialize(
            new
            {
                schema = "bonemet.training-set/1",
                kind = "own",
                volumes = new { file = "volumes.f32", shape = new[] { rows.Count, DatasetWriter.Windows.Count, size, size, size }, spacingMm = spacing, sha256 = Digest(At("volumes.f32")) },
                cases = new { file = "cases.csv", sha256 = Digest(At("cases.csv")) },
            },
            Format) + "\n");
        return rows.Count;
    }

    private static List<(int Line, Dictionary<string, string> Row)> Rows(FileInfo cases)
    {
        var lines = File.ReadAllLines(cases.FullName);
        if (lines.Length < 2) { throw new TrainingFailure($"{cases.Name}: there are no cases."); }
        var header = lines[0].Split(',');
        foreach (var column in Columns)
        {
            if (!header.Contains(column)) { throw new TrainingFailure($"{cases.Name}: there is no column '{column}'."); }
        }
        var rows = new List<(int, Dictionary<string, string>)>();
        for (var n = 1; n < lines.Length; n++)
        {
            if (lines[n].Length == 0) { continue; }
            var fields = lines[n].Split(',');
            if (fields.Length != header.Length || lines[n].Contains('"')) { throw new TrainingFailure($"{cases.Name} line {n + 1}: {fields.Length} fields for {header.Length} columns (quoted fields are not read)."); }
            var row = header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second.Trim());
            if (row["outcome"] is not ("0" or "1")) { throw new TrainingFailure($"{cases.Name} line {n + 1}: outcome is 0 or 1, not '{row["outcome"]}'."); }
            rows.Add((n + 1, row));
        }
        return rows;
    }

    private static T Read<T>(FileInfo cases, int line, string file, Func<Stream, long, T> read)
    {
        var path = Path.Combine(cases.DirectoryName!, file);
        if (!File.Exists(path)) { throw new TrainingFailure($"{cases.Name} line {line}: there is no file {file}."); }
        try
        {
            using var stream = File.OpenRead(path);
            return read(stream, Grid.MaxVoxels);
        }
        catch (Exception exception) when (exception is VolumeException or InvalidDataException or EndOfStreamException)
        {
            throw new TrainingFailure($"{cases.Name} line {line}: {file}: {exception.Message}");
        }
    }

    private static string Digest(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
