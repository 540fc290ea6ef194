using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>`bonemet bundle`: one archive for a hospital without internet: images, chart, settings, bills of materials, checksums, install script.</summary>
internal static class BundleCommand
{
    private const double Megabyte = 1e6;

    public static Command Create()
    {
        var common = new ImageOptions();
        var file = new Option<string?>("--out") { Description = "The archive; default: bonemet-VERSION.tar here", HelpName = "FILE" };
        var with = new Option<string[]>("--with") { Description = "A further image, for example of RabbitMQ or MongoDB, that the builder's store has or can pull", HelpName = "IMAGE" };
        var command = new Command("bundle", "Build the images and pack everything for a site without internet into one archive") { file, with };
        common.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var stamp = await BuildStamp.Read(Binaries.Root, cancellation);
            var output = Path.GetFullPath(parsed.GetValue(file) ?? $"bonemet-{stamp.Version}.tar");
            await Pack(common.Make(parsed, stamp), common.Images(parsed), parsed.GetValue(with) ?? [], stamp, output, cancellation);
            Console.WriteLine($"{output}: {new FileInfo(output).Length / Megabyte:0} MB. On the site's machine: tar -xf {Path.GetFileName(output)} && bonemet-{stamp.Version}/install.sh --help");
            return 0;
        });
        return command;
    }

    private static async Task Pack(IImageBuilder builder, IReadOnlyList<ServiceImage> images, IReadOnlyList<string> further, BuildStamp stamp, string output, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(ImageOptions.Parts, "bundle", $"bonemet-{stamp.Version}"));
        folder.Delete(recursive: true);
        folder.Create();
        foreach (var image in images)
        {
            var bill = await ImagesCommand.Build(builder, image, stamp, cancellation);
            if (File.Exists(bill)) { File.Copy(bill, Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, "sbom")).FullName, Path.GetFileName(bill))); }
        }
        string[] references = [.. images.Select(builder.Reference), .. further];
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "images.txt"), references, cancellation);
        await Compressed(Path.Combine(folder.FullName, "images.tar"), file => builder.Save(references, file, cancellation), cancellation);

        var chart = Path.Combine(Binaries.Root, "helm", "bonemet");
        if (Directory.Exists(chart))
        {
            await ChartArchive.Write(chart, Path.Combine(folder.FullName, $"bonemet-chart-{stamp.Version}.tgz"), stamp, cancellation);
            foreach (var values in Directory.EnumerateFiles(chart, "values-*.yaml")) { File.Copy(values, Path.Combine(folder.FullName, Path.GetFileName(values))); }
        }
        File.Copy(Path.Combine(Binaries.Root, "deploy", "install.sh"), Path.Combine(folder.FullName, "install.sh"));
        File.Copy(Path.Combine(Binaries.Root, "docs", "deployment.md"), Path.Combine(folder.FullName, "deployment.md"));
        // Counted to the end before the file is there: it cannot hold its own checksum.
        string[] checksums = [.. Checksums(folder.FullName)];
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "SHA256SUMS"), checksums, cancellation);
        if (File.Exists(output)) { File.Delete(output); }
        await TarFile.CreateFromDirectoryAsync(folder.FullName, output, includeBaseDirectory: true, cancellation);
        folder.Delete(recursive: true);
    }

    /// <summary>Makes a file and leaves it behind compressed, as <c>FILE.gz</c>.</summary>
    private static async Task Compressed(string file, Func<string, Task> make, CancellationToken cancellation)
    {
        await make(file);
        await using (var from = File.OpenRead(file))
        await using (var to = new GZipStream(File.Create($"{file}.gz"), CompressionLevel.Optimal))
        {
            await from.CopyToAsync(to, cancellation);
        }
        File.Delete(file);
    }

    private static IEnumerable<string> Checksums(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var content = File.OpenRead(path);
            yield return $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {Path.GetRelativePath(folder, path)}";
        }
    }
}
