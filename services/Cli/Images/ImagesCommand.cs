using System.CommandLine;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>`bonemet images`: every service as a container image, with its bill of materials beside it.</summary>
internal static class ImagesCommand
{
    private const double Megabyte = 1e6;

    public static Command Create()
    {
        var common = new ImageOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the commands" };
        var fresh = new Option<bool>("--fresh") { Description = "Make the base and the native libraries anew from the newest Debian packages" };
        var verify = new Option<bool>("--verify") { Description = "Build each image a second time, from a checkout of its own, and compare (buildah)" };
        var push = new Option<string?>("--push") { Description = $"Push the images to this registry, and write their digests to artifacts/images/{DigestValues.FileName} for the chart", HelpName = "REGISTRY" };
        var command = new Command("images", "Build container images, with or without a Docker engine and a registry") { dryRun, fresh, verify, push };
        common.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var stamp = await BuildStamp.Read(Binaries.Root, cancellation);
            var builder = common.Make(parsed, stamp);
            var images = common.Images(parsed);
            if (parsed.GetValue(dryRun))
            {
                foreach (var step in images.SelectMany(builder.Steps).Select(step => step.ToString()).Distinct()) { Console.WriteLine(step); }
                return 0;
            }
            if (parsed.GetValue(fresh) && Directory.Exists(ImageOptions.Parts)) { await ImageOptions.Remove(ImageOptions.Parts); }
            foreach (var image in images) { await Build(builder, image, stamp, cancellation); }
            if (parsed.GetValue(push) is { Length: > 0 } registry) { await Push(builder, images, registry, common.TagOf(parsed, stamp), stamp, cancellation); }
            return parsed.GetValue(verify) ? await Verify(builder, images, stamp, cancellation) : 0;
        });
        return command;
    }

    /// <summary>Builds it and writes <c>NAME.cdx.json</c> beside the parts; returns the bill's path.</summary>
    public static async Task<string> Build(IImageBuilder builder, ServiceImage image, BuildStamp stamp, CancellationToken cancellation)
    {
        await builder.Build(image, cancellation);
        var bill = Path.Combine(ImageOptions.Parts, $"{image.Name}.cdx.json");
        if (!image.IsTraining)
        {
            var (app, status) = await builder.Contents(image, cancellation);
            await File.WriteAllTextAsync(bill, SoftwareBill.Write(image, stamp, app, status), cancellation);
        }
        Console.WriteLine($"  {builder.Reference(image),-52} {await builder.Size(image, cancellation) / Megabyte,6:0.0} MB   {(image.IsTraining ? "" : Path.GetRelativePath(Environment.CurrentDirectory, bill))}");
        return bill;
    }

    private static async Task Push(IImageBuilder builder, IReadOnlyList<ServiceImage> images, string registry, string tag, BuildStamp stamp, CancellationToken cancellation)
    {
        var digests = new Dictionary<string, string>();
        foreach (var image in images) { digests[image.Name] = await builder.Push(image, registry, cancellation); }
        var file = Path.Combine(ImageOptions.Parts, DigestValues.FileName);
        await File.WriteAllTextAsync(file, DigestValues.Text(registry, tag, stamp, digests), cancellation);
        Console.WriteLine($"Pushed to {registry}: {images.Count} image(s); their digests are in {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
    }

    private static async Task<int> Verify(IImageBuilder builder, IReadOnlyList<ServiceImage> images, BuildStamp stamp, CancellationToken cancellation)
    {
        if (builder is not BuildahBuilder first) { throw new CliFailure("--verify works with --builder buildah."); }
        if (stamp.Revision is "unknown" || stamp.Revision.EndsWith("-dirty", StringComparison.Ordinal)) { throw new CliFailure("--verify builds the commit a second time: commit your changes first."); }

        var differing = await Rebuild.Compare(first, images, stamp, cancellation);
        foreach (var line in differing) { Console.Error.WriteLine($"bonemet: {line}"); }
        if (differing.Count > 0) { return 1; }
        Console.WriteLine($"Built twice from {stamp.Revision[..12]}: {images.Count} image(s), the same to the last byte.");
        return 0;
    }
}
