using System.Formats.Tar;
using System.IO.Compression;

namespace BoneMet.Cli.Images;

/// <summary>The chart as `helm package` writes it, without Helm: <c>bonemet/…</c> in a compressed tar.</summary>
internal static class ChartArchive
{
    public static async Task Write(string chart, string file, BuildStamp stamp, CancellationToken cancellation)
    {
        await using var output = File.Create(file);
        await using var gzip = new GZipStream(output, CompressionLevel.Optimal);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        foreach (var path in Directory.EnumerateFiles(chart, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // Through links: a packaged chart has none.
            await using var content = new MemoryStream(await File.ReadAllBytesAsync(path, cancellation));
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, $"bonemet/{Path.GetRelativePath(chart, path).Replace('\\', '/')}")
                {
                    DataStream = content,
                    ModificationTime = DateTimeOffset.FromUnixTimeSeconds(stamp.Epoch),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                },
                cancellation);
        }
    }
}
