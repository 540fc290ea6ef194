using System.Globalization;
using System.Text.RegularExpressions;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>What a build is of: every time stamp and label of an image comes from here, so that one commit gives one image.</summary>
/// <param name="Version">Of the chart that deploys the images, so that the two belong together.</param>
/// <param name="Revision">Commit; with <c>-dirty</c> when the tree has changes.</param>
/// <param name="Epoch">SOURCE_DATE_EPOCH, or the time of the commit, in seconds.</param>
internal sealed partial record BuildStamp(string Version, string Revision, long Epoch)
{
    public string Created => DateTimeOffset.FromUnixTimeSeconds(Epoch).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static async Task<BuildStamp> Read(string root, CancellationToken cancellation)
    {
        var revision = "unknown";
        var epoch = 0L;
        if (Tool.Which("git") is not null && Path.Exists(Path.Combine(root, ".git")))
        {
            revision = (await Tool.Run("git", ["-C", root, "rev-parse", "HEAD"], cancellation)).Trim();
            epoch = long.Parse(await Tool.Run("git", ["-C", root, "log", "-1", "--format=%ct"], cancellation), CultureInfo.InvariantCulture);
            if ((await Tool.Run("git", ["-C", root, "status", "--porcelain"], cancellation)).Length > 0) { revision += "-dirty"; }
        }
        if (Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") is { Length: > 0 } given)
        {
            epoch = long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : throw new CliFailure($"SOURCE_DATE_EPOCH must be a number of seconds, not '{given}'.");
        }
        return new BuildStamp(VersionOf(root), revision, epoch);
    }

    private static string VersionOf(string root)
    {
        var chart = Path.Combine(root, "helm", "bonemet", "Chart.yaml");
        var file = File.Exists(chart) ? chart : Path.Combine(root, "Directory.Build.props");
        var match = (file == chart ? AppVersion() : ProjectVersion()).Match(File.ReadAllText(file));
        return match.Success ? match.Groups[1].Value : throw new CliFailure($"{file} names no version.");
    }

    [GeneratedRegex("""^appVersion:\s*"?([0-9A-Za-z.+-]+)"?""", RegexOptions.Multiline)]
    private static partial Regex AppVersion();

    [GeneratedRegex("<Version>([^<]+)</Version>")]
    private static partial Regex ProjectVersion();
}
