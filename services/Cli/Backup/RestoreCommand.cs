using System.CommandLine;

namespace BoneMet.Cli.Backup;

/// <summary>`bonemet restore`: a data folder out of a backup, checked file by file before it counts.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--from") { Description = "The backup", Required = true, HelpName = "FILE" };
        var data = new Option<string>("--data") { Description = "Data folder to make; it must not exist, or be empty", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        var check = new Option<bool>("--check") { Description = "Only read the backup and compare every file; write nothing" };
        var command = new Command("restore", "Make a data folder out of a backup, after every file was compared") { file, data, check };
        command.SetAction(async (parsed, cancellation) =>
        {
            var archive = parsed.GetValue(file)!;
            if (!File.Exists(archive)) { throw new CliFailure($"There is no file {archive}."); }
            if (parsed.GetValue(check))
            {
                Print("is whole", archive, await DataArchive.Read(archive, null, cancellation));
                return 0;
            }
            var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(data)!));
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) { throw new CliFailure($"{folder} is not empty: restore into a new folder."); }

            Print($"is restored into {folder}", archive, await Restore(archive, folder, cancellation));
            return 0;
        });
        return command;
    }

    /// <summary>Beside the target first, so that a restore that fails leaves nothing that looks like a data folder.</summary>
    private static async Task<ArchiveManifest> Restore(string archive, string folder, CancellationToken cancellation)
    {
        var unfinished = $"{folder}.restoring";
        if (Directory.Exists(unfinished)) { throw new CliFailure($"{unfinished} is what an interrupted restore left: remove it first."); }

        Directory.CreateDirectory(unfinished);
        try
        {
            var manifest = await DataArchive.Read(archive, unfinished, cancellation);
            var documents = DocumentSnapshot.Examine(Path.Combine(unfinished, DocumentSnapshot.FileName));
            if (documents.Any(pair => manifest.Documents.GetValueOrDefault(pair.Key) != pair.Value)) { throw new CliFailure($"{archive} is damaged: the documents are not those that were counted when it was made."); }
            if (Directory.Exists(folder)) { Directory.Delete(folder); }
            Directory.Move(unfinished, folder);
            return manifest;
        }
        finally
        {
            if (Directory.Exists(unfinished)) { Directory.Delete(unfinished, recursive: true); }
        }
    }

    private static void Print(string what, string archive, ArchiveManifest manifest)
    {
        Console.WriteLine($"{archive} of {manifest.MadeAt:u} {what}: {manifest.Files.Count} files, documents:");
        foreach (var (collection, count) in manifest.Documents.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal)) { Console.WriteLine($"  {collection,-28} {count,8}"); }
    }
}
