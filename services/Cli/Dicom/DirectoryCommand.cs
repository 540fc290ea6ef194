using System.CommandLine;
using BoneMet.Dicom;

namespace BoneMet.Cli.Dicom;

internal static class DirectoryCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "DICOMDIR files", Arity = ArgumentArity.OneOrMore };
        var command = new Command("dir", "List patients, studies, series and images of a DICOMDIR") { files };
        command.SetAction(parsed => DicomFiles.ForEach(parsed.GetValue(files)!, path =>
        {
            var directory = DicomDirectory.Open(path);
            Console.WriteLine($"{path}: {(directory.FileSetId.Length > 0 ? directory.FileSetId : "file set without name")}, {directory.Roots.Count} top record(s)");
            foreach (var record in directory.Roots) { Print(record, "  "); }
        }));
        return command;
    }

    private static void Print(DicomDirectoryRecord record, string indent)
    {
        Console.WriteLine($"{indent}{record.Type} {record.Label}{(record.FilePath is { } path ? $"  -> {path}" : "")}");
        foreach (var child in record.Children) { Print(child, indent + "  "); }
    }
}
