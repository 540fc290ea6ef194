using System.Text.Json;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>
/// No registry and no engine: deploy/parts makes the base out of Debian packages and this machine's .NET runtime, and publishes the program;
/// buildah puts them together by the last two stages of deploy/Dockerfile. Needs buildah, mmdebstrap and binutils.
/// </summary>
internal sealed class BuildahBuilder(string root, string parts, BuildStamp stamp, string tag) : IImageBuilder
{
    private const string Prefix = "localhost/bonemet";

    public string Reference(ServiceImage image) => $"{Prefix}/{image.Name}:{tag}";

    public IEnumerable<BuildStep> Steps(ServiceImage image)
    {
        if (image.IsTraining)
        {
            yield return Bud(Path.Combine(root, "deploy", "training.Dockerfile"), root, Reference(image), Labels(image));
            yield break;
        }
        if (image.OnCuda)
        {
            yield return Bud(Path.Combine(root, "deploy", "Dockerfile"), root, Reference(image), [("SERVICE", image.Project), ("ONNX", "Gpu"), ("BASE", "gpu"), .. Labels(image)]);
            yield break;
        }

        var below = Folder("base");
        yield return Part(["rootfs", Path.Combine(below, "out", "system")]);
        yield return Part(["runtime", Path.Combine(below, "out", "runtime")]);
        yield return Bud(Stage("base", below), below, $"{Prefix}/base:{tag}", [], ("root", below), ("build", below));

        var native = Native(image);
        var app = Folder("app", image.Name);
        yield return Part(["native", Path.Combine(native, "out", "native"), Path.Combine(below, "out", "system"), .. image.Native]);

        // Always: whether it is up to date is for the compiler to say.
        yield return Part(["publish", Path.Combine(app, "out", "app"), image.Project]) with { Done = null };
        yield return Bud(Stage("service", app), app, Reference(image), [("BASE", $"{Prefix}/base:{tag}"), .. Labels(image)], ("root", native), ("build", app));
    }

    public async Task<long> Size(ServiceImage image, CancellationToken cancellation)
    {
        using var manifest = JsonDocument.Parse(await Tool.Run("buildah", ["inspect", "--type", "image", "--format", "{{.Manifest}}", Reference(image)], cancellation));
        return manifest.RootElement.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("size").GetInt64());
    }

    /// <summary>Digest of the image's configuration, which names every layer by its own: the same for the same image.</summary>
    public async Task<string> Digest(ServiceImage image, CancellationToken cancellation) =>
        (await Tool.Run("buildah", ["inspect", "--type", "image", "--format", "{{.FromImageID}}", Reference(image)], cancellation)).Trim();

    public Task<(string App, IReadOnlyList<string> Status)> Contents(ServiceImage image, CancellationToken cancellation)
    {
        string[] status = [Path.Combine(Folder("base"), "out", "system", SoftwareBill.StatusFolder), Path.Combine(Native(image), "out", "native", SoftwareBill.StatusFolder)];
        return Task.FromResult((Path.Combine(Folder("app", image.Name), "out", "app"), (IReadOnlyList<string>)status));
    }

    public Task Save(IReadOnlyList<string> references, string file, CancellationToken cancellation) =>
        Tool.Run("podman", ["save", "--quiet", "--multi-image-archive", "--format", "docker-archive", "--output", file, .. references], cancellation);

    public async Task<string> Push(ServiceImage image, string registry, CancellationToken cancellation)
    {
        var digest = Path.GetTempFileName();
        try
        {
            // A registry on this machine has no certificate.
            string[] clear = registry.StartsWith("127.0.0.1:", StringComparison.Ordinal) || registry.StartsWith("localhost:", StringComparison.Ordinal) ? ["--tls-verify=false"] : [];
            await Tool.Run("buildah", ["push", "--quiet", .. clear, "--digestfile", digest, Reference(image), $"docker://{registry}/bonemet/{image.Name}:{tag}"], cancellation);
            return (await File.ReadAllTextAsync(digest, cancellation)).Trim();
        }
        finally { File.Delete(digest); }
    }

    private IEnumerable<(string, string)> Labels(ServiceImage image) =>
        [("NAME", image.Name), ("TITLE", image.Title), ("VERSION", stamp.Version), ("REVISION", stamp.Revision), ("CREATED", stamp.Created)];

    /// <summary>The part of deploy/Dockerfile between its marks, as a file of its own.</summary>
    private string Stage(string name, string folder)
    {
        var lines = File.ReadAllLines(Path.Combine(root, "deploy", "Dockerfile"));
        var from = Array.IndexOf(lines, $"# >>> {name}");
        var to = Array.IndexOf(lines, $"# <<< {name}");
        if (from < 0 || to < from) { throw new CliFailure($"deploy/Dockerfile has no part '{name}'."); }
        var file = Path.Combine(folder, "Containerfile");
        File.WriteAllLines(file, ["ARG BASE=scratch", .. lines[(from + 1)..to]]);
        return file;
    }

    private BuildStep Bud(string file, string context, string reference, IEnumerable<(string Name, string Value)> arguments, params (string Name, string Folder)[] contexts) => new(
        "buildah",
        [
            "bud", "--quiet", "--isolation", "chroot", "--timestamp", $"{stamp.Epoch}", "--file", file,
            .. arguments.SelectMany(argument => (string[])["--build-arg", $"{argument.Name}={argument.Value}"]),
            .. contexts.SelectMany(given => (string[])["--build-context", $"{given.Name}={given.Folder}"]),
            "--tag", reference, context,
        ]);

    private BuildStep Part(string[] arguments) => new(Path.Combine(root, "deploy", "parts"), arguments, Done: arguments[1])
    {
        Environment = new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = $"{stamp.Epoch}" },
    };

    private string Native(ServiceImage image) => Folder("native", image.Native.Count == 0 ? "none" : string.Join('+', image.Native));

    private string Folder(params ReadOnlySpan<string> names)
    {
        var folder = Path.Combine([parts, .. names]);
        Directory.CreateDirectory(Path.Combine(folder, "out", "data"));
        return folder;
    }
}
