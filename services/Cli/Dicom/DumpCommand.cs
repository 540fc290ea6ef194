using System.CommandLine;
using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

internal static class DumpCommand
{
    private const int MaxText = 80;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "DICOM files", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "DICOM JSON (PS3.18 F); large binary values by SHA-256" };
        var command = new Command("dump", "Print the data elements of DICOM files") { files, json };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string[] paths, bool json)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        if (!json)
        {
            using var text = new StreamWriter(output);
            return DicomFiles.ForEach(paths, path => Text(text, Open(path)));
        }
        // One file is one object; several are an array, as DICOMweb sends them.
        if (paths.Length > 1) { output.WriteByte((byte)'['); }
        var written = 0;
        var code = DicomFiles.ForEach(paths, path =>
        {
            var file = Open(path);
            using var memory = new MemoryStream();
            DicomJson.Write(memory, file.Dataset, new DicomJsonOptions { Indented = true });
            if (written++ > 0) { output.Write(",\n"u8); }
            memory.WriteTo(output);
            if (file.Fault is { } fault && !fault.IsPixelDataCutShort) { throw fault; }
        });
        output.Write(paths.Length > 1 ? "]\n"u8 : "\n"u8);
        return code;
    }

    /// <summary>Reads what can be read; a fault that leaves elements out is thrown after they are printed.</summary>
    private static DicomFile Open(string path)
    {
        var file = DicomFile.Open(path, new DicomReadOptions { KeepReadable = true });
        if (file.Fault is { } fault && (file.Dataset.Count == 0 || fault.IsPixelDataCutShort))
        {
            if (file.Dataset.Count == 0) { throw fault; }
            DicomFiles.Report(path, $"{fault.Message}; the elements are complete");
        }
        return file;
    }

    private static void Text(TextWriter output, DicomFile file)
    {
        output.WriteLine($"# {file.Path}: {file.TransferSyntax}{(file.HasPreamble ? "" : ", no preamble")}");
        Text(output, file.FileMetaInfo, "");
        Text(output, file.Dataset, "");
        output.Flush();
        if (file.Fault is { } fault && !fault.IsPixelDataCutShort) { throw fault; }
    }

    private static void Text(TextWriter output, DicomDataset dataset, string indent)
    {
        foreach (var item in dataset)
        {
            var name = item.Tag.Keyword ?? (item.Tag.IsPrivate ? dataset.GetPrivateCreator(item.Tag) ?? "private" : "unknown");
            switch (item)
            {
                case DicomSequence sequence:
                    output.WriteLine($"{indent}{item.Tag} SQ {sequence.Count} item(s)  # {name}");
                    foreach (var nested in sequence)
                    {
                        output.WriteLine($"{indent}  - item");
                        Text(output, nested, indent + "    ");
                    }
                    break;
                case DicomFragmentSequence fragments:
                    output.WriteLine($"{indent}{item.Tag} {item.VR} {fragments.Fragments.Count} fragment(s), {fragments.Fragments.Sum(fragment => fragment.Length)} bytes  # {name}");
                    break;
                case DicomElement { VR.Kind: DicomVRKind.Binary } element:
                    output.WriteLine($"{indent}{item.Tag} {item.VR} {element.Length} bytes  # {name}");
                    break;
                default:
                    var value = dataset.TryGetString(item.Tag, out var text) ? text : "";
                    output.WriteLine($"{indent}{item.Tag} {item.VR} [{(value.Length > MaxText ? value[..MaxText] + "…" : value).ReplaceLineEndings("↵")}]  # {name}");
                    break;
            }
        }
    }
}
