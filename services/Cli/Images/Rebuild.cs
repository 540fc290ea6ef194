using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>
/// The same commit built once more in another folder, with its own intermediate files and its own base: what differs is not reproducible.
/// Both builds take the time of the commit for every time stamp.
/// </summary>
internal static class Rebuild
{
    private const string SecondTag = "rebuilt";

    /// <summary>One sentence for each file that differs; empty when the images are the same.</summary>
    public static async Task<IReadOnlyList<string>> Compare(BuildahBuilder first, IReadOnlyList<ServiceImage> images, BuildStamp stamp, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("bonemet-rebuild-").FullName;
        try
        {
            var checkout = Path.Combine(folder, "checkout");
            await Tool.Run("git", ["clone", "--quiet", "--shared", Binaries.Root, checkout], cancellation);
            await Tool.Run("git", ["-C", checkout, "checkout", "--quiet", stamp.Revision], cancellation);
            var second = new BuildahBuilder(checkout, Path.Combine(folder, "images"), stamp, SecondTag);
            var differing = new List<string>();
            foreach (var image in images)
            {
                await ((IImageBuilder)second).Build(image, cancellation);
                if (await first.Digest(image, cancellation) == await second.Digest(image, cancellation)) { continue; }
                differing.AddRange(await Files(first, second, image, cancellation) is { Count: > 0 } files ? files : [$"{image.Name}: the files are the same, the image's own description differs"]);
            }
            return differing;
        }
        finally { await ImageOptions.Remove(folder); }
    }

    private static async Task<List<string>> Files(BuildahBuilder first, BuildahBuilder second, ServiceImage image, CancellationToken cancellation)
    {
        var (one, two) = ((await first.Contents(image, cancellation)).App, (await second.Contents(image, cancellation)).App);
        return [.. Names(one).Union(Names(two)).Order(StringComparer.Ordinal).Where(name => !Same(Path.Combine(one, name), Path.Combine(two, name))).Select(name => $"{image.Name}: /app/{name} differs between two builds")];

        static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file));
        static bool Same(string left, string right) => File.Exists(left) && File.Exists(right) && File.ReadAllBytes(left).AsSpan().SequenceEqual(File.ReadAllBytes(right));
    }
}
