using System.CommandLine;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>What `images` and `bundle` have in common: which images, by which builder.</summary>
internal sealed class ImageOptions
{
    public Argument<string[]> Names { get; } = new("image") { Description = $"Images to make: {string.Join(", ", ServiceImage.All.Select(image => image.Name))}; none: all that need no registry", Arity = ArgumentArity.ZeroOrMore };

    public Option<string?> Builder { get; } = new("--builder") { Description = "docker (an engine and a registry's bases) or buildah (neither); default: what is here, Docker first", HelpName = "NAME" };

    public Option<string?> Tag { get; } = new("--tag") { Description = "Tag of the images; default: the version that the chart deploys" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Names);
        command.Options.Add(Builder);
        command.Options.Add(Tag);
    }

    public IReadOnlyList<ServiceImage> Images(ParseResult parsed) =>
        parsed.GetValue(Names) is { Length: > 0 } names ? [.. names.Select(ServiceImage.Find)] : [.. ServiceImage.All.Where(image => !image.NeedsRegistry)];

    /// <summary>Parts of images, kept between builds.</summary>
    public static string Parts => Path.Combine(Binaries.Root, "artifacts", "images");

    /// <summary>Removes a folder of parts, never into another file system: a build that was killed may have left the machine's own /dev/shm mounted below it.</summary>
    public static Task Remove(string folder) => Tool.Run("rm", ["-rf", "--one-file-system", folder], CancellationToken.None);

    public string TagOf(ParseResult parsed, BuildStamp stamp) => parsed.GetValue(Tag) ?? stamp.Version;

    public IImageBuilder Make(ParseResult parsed, BuildStamp stamp)
    {
        var tag = TagOf(parsed, stamp);
        return (parsed.GetValue(Builder) ?? (Tool.Which("docker") is not null ? "docker" : "buildah")) switch
        {
            "docker" => new DockerBuilder(Binaries.Root, Parts, stamp, tag),
            "buildah" => new BuildahBuilder(Binaries.Root, Parts, stamp, tag),
            var other => throw new CliFailure($"--builder must be docker or buildah, not '{other}'."),
        };
    }
}
