using System.CommandLine;

namespace BoneMet.Cli.Backup;

/// <summary>`bonemet backup`: everything of a data folder into one file, while the platform runs.</summary>
internal static class BackupCommand
{
    private const double Megabyte = 1e6;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the platform (of `up` or `cluster`)", DefaultValueFactory = _ => "data", HelpName = "DIR" };
        var file = new Option<string>("--out") { Description = "The backup, a tar file; it holds the site's keys: keep it as you keep those", Required = true, HelpName = "FILE" };
        var command = new Command("backup", "Save documents, blobs and keys of a data folder into one file, while the platform runs") { data, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(data)!;
            var output = Path.GetFullPath(parsed.GetValue(file)!);
            if (!File.Exists(Path.Combine(folder, DocumentSnapshot.FileName))) { throw new CliFailure($"{folder} is not a data folder of the platform (no {DocumentSnapshot.FileName} in it): name it with --data."); }
            if (!Directory.Exists(Path.GetDirectoryName(output))) { throw new CliFailure($"{Path.GetDirectoryName(output)} does not exist."); }
            if (output.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) { throw new CliFailure("The backup must lie outside of the data folder that it saves."); }

            var manifest = await DataArchive.Write(folder, output, TimeProvider.System.GetUtcNow(), cancellation);
            Console.WriteLine($"{output}: {manifest.Documents.Values.Sum()} documents, {manifest.Files.Count} files, {new FileInfo(output).Length / Megabyte:0.0} MB");
            Console.WriteLine("Keys are in it. `bonemet restore --check` reads it again and compares every file.");
            return 0;
        });
        return command;
    }
}
