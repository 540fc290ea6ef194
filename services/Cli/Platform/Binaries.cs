namespace BoneMet.Cli.Platform;

/// <summary>Where the platform's own programs are: the repository's build output, or side by side with this tool in an installed bundle.</summary>
internal static class Binaries
{
    public static string Dotnet { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    public static string Root { get; } = Environment.GetEnvironmentVariable("BONEMET_ROOT") ?? FindRoot();

    public static string Find(string project)
    {
        string[] candidates =
        [
            Path.Combine(Root, "artifacts", "bin", project, "release", $"BoneMet.{project}.dll"),
            Path.Combine(AppContext.BaseDirectory, "..", "..", project, "release", $"BoneMet.{project}.dll"),
            Path.Combine(AppContext.BaseDirectory, "..", project, $"BoneMet.{project}.dll"),
        ];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new CliFailure($"BoneMet.{project}.dll is not built: run `./bonemet {(project == "AllInOne" ? "up" : "cluster")}` through the script, which builds it.");
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "BoneMetPlatform.sln"))) { return folder; }
        }
        return Environment.CurrentDirectory;
    }
}
