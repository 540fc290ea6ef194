using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

internal static class VolumeCommand
{
    private static readonly JsonWriterOptions s_json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "A folder with the files of one or more series" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("volume", "Make volumes of the series in a folder; name what forbids it") { folder, json };
        command.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string folder, bool json)
    {
        if (!Directory.Exists(folder))
        {
            DicomFiles.Report(folder, "there is no such folder");
            return 2;
        }
        var series = DicomSeries.ReadFolder(folder).Where(s => s.Files.Any(file => file.Dataset.Contains(DicomTag.PixelData))).ToList();
        if (series.Count == 0)
        {
            DicomFiles.Report(folder, "holds no DICOM images");
            return 2;
        }
        var code = 0;
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, s_json))
        {
            writer.WriteStartArray();
            foreach (var one in series)
            {
                try
                {
                    var volume = one.ToVolume();
                    Write(writer, volume);
                    if (!json) { Describe(volume); }
                }
                catch (DicomException fault)
                {
                    code = 2;
                    writer.WriteStartObject();
                    writer.WriteString("series", one.SeriesInstanceUid);
                    writer.WriteString("modality", one.Modality);
                    writer.WriteNumber("files", one.Files.Count);
                    writer.WriteString("error", fault is DicomVolumeException volumeFault ? volumeFault.Code : "unreadable-pixels");
                    writer.WriteString("detail", fault.Message);
                    writer.WriteEndObject();
                    DicomFiles.Report(folder, $"series {one.SeriesInstanceUid}: {fault.Message}");
                }
            }
            writer.WriteEndArray();
        }
        if (json)
        {
            using var output = Console.OpenStandardOutput();
            memory.WriteTo(output);
            output.WriteByte((byte)'\n');
        }
        return code;
    }

    private static void Write(Utf8JsonWriter json, DicomVolume volume)
    {
        double sum = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (var value in volume.Voxels)
        {
            sum += value;
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }
        json.WriteStartObject();
        json.WriteString("series", volume.SeriesInstanceUid);
        json.WriteString("modality", volume.Modality);
        json.WriteString("frameOfReference", volume.FrameOfReferenceUid);
        Numbers(json, "size", volume.Columns, volume.Rows, volume.Slices);
        Numbers(json, "spacing", volume.Spacing.X, volume.Spacing.Y, volume.Spacing.Z);
        Numbers(json, "origin", volume.Origin.X, volume.Origin.Y, volume.Origin.Z);
        json.WriteStartArray("direction");
        foreach (var axis in (ReadOnlySpan<(double X, double Y, double Z)>)[volume.AxisColumn, volume.AxisRow, volume.AxisSlice])
        {
            json.WriteNumberValue(axis.X);
            json.WriteNumberValue(axis.Y);
            json.WriteNumberValue(axis.Z);
        }
        json.WriteEndArray();
        json.WriteString("units", volume.Units);
        json.WriteNumber("min", least);
        json.WriteNumber("max", most);
        json.WriteNumber("mean", sum / volume.Voxels.Length);
        json.WriteStartArray("findings");
        foreach (var finding in volume.Findings) { json.WriteStringValue(finding); }
        json.WriteEndArray();
        json.WriteStartArray("slices");
        foreach (var uid in volume.SliceUids) { json.WriteStringValue(uid); }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) { json.WriteNumberValue(value); }
        json.WriteEndArray();
    }

    private static void Describe(DicomVolume volume)
    {
        Console.WriteLine($"{volume.Modality} {volume.SeriesInstanceUid}: {volume.Columns} x {volume.Rows} x {volume.Slices} voxels of {volume.Spacing.X:0.####} x {volume.Spacing.Y:0.####} x {volume.Spacing.Z:0.####} mm, origin ({volume.Origin.X:0.###}, {volume.Origin.Y:0.###}, {volume.Origin.Z:0.###}) mm {volume.Units}");
        foreach (var finding in volume.Findings) { Console.WriteLine($"  {finding}"); }
    }
}
