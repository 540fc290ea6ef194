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
            var missing = directory.Roots.Sum(record => Print(directory, record, "  "));
            if (missing > 0) { Console.WriteLine($"{missing} file(s) that it names are not beside it"); }
        }));
        return command;
    }

    /// <returns>How many files of the record and those below are missing.</returns>
    private static int Print(DicomDirectory directory, DicomDirectoryRecord record, string indent)
    {
        var missing = record.FilePath is not null && directory.Locate(record) is null;
        Console.WriteLine($"{indent}{record.Type} {record.Label}{(record.FilePath is { } path ? $"  -> {path}{(missing ? " (missing)" : "")}" : "")}");
        return (missing ? 1 : 0) + record.Children.Sum(child => Print(directory, child, indent + "  "));
    }
}
