using System.Globalization;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>A Docker engine with BuildKit: the whole of deploy/Dockerfile, bases from a registry.</summary>
internal sealed class DockerBuilder(string root, string parts, BuildStamp stamp, string tag) : IImageBuilder
{
    public string Reference(ServiceImage image) => $"localhost/bonemet/{image.Name}:{tag}";

    public IEnumerable<BuildStep> Steps(ServiceImage image)
    {
        List<(string Name, string Value)> arguments =
            [("NAME", image.Name), ("TITLE", image.Title), ("VERSION", stamp.Version), ("REVISION", stamp.Revision), ("CREATED", stamp.Created), ("SOURCE_DATE_EPOCH", $"{stamp.Epoch}")];
        if (!image.IsTraining) { arguments.AddRange([("SERVICE", image.Project), ("NATIVE", string.Join(' ', image.Native)), ("ONNX", image.OnCuda ? "Gpu" : "Cpu"), ("BASE", image.OnCuda ? "gpu" : "base")]); }
        yield return new BuildStep(
            "docker",
            [
                "buildx", "build", "--quiet", "--file", Path.Combine(root, "deploy", image.IsTraining ? "training.Dockerfile" : "Dockerfile"), "--target", "service",
                .. arguments.SelectMany(argument => (string[])["--build-arg", $"{argument.Name}={argument.Value}"]),
                "--output", "type=docker,rewrite-timestamp=true", "--tag", Reference(image), root,
            ]);
    }

    public async Task<long> Size(ServiceImage image, CancellationToken cancellation) =>
        long.Parse(await Tool.Run("docker", ["image", "inspect", "--format", "{{.Size}}", Reference(image)], cancellation), CultureInfo.InvariantCulture);

    public async Task<(string App, IReadOnlyList<string> Status)> Contents(ServiceImage image, CancellationToken cancellation)
    {
        var folder = Path.Combine(parts, "docker", image.Name);
        if (Directory.Exists(folder)) { Directory.Delete(folder, recursive: true); }
        Directory.CreateDirectory(folder);
        var container = (await Tool.Run("docker", ["create", Reference(image)], cancellation)).Trim();
        try
        {
            await Tool.Run("docker", ["cp", $"{container}:/app", Path.Combine(folder, "app")], cancellation);
            await Tool.Run("docker", ["cp", $"{container}:/{SoftwareBill.StatusFolder}", Path.Combine(folder, "status.d")], cancellation);
        }
        finally { await Tool.Run("docker", ["rm", container], CancellationToken.None); }
        return (Path.Combine(folder, "app"), [Path.Combine(folder, "status.d")]);
    }

    public async Task<string> Push(ServiceImage image, string registry, CancellationToken cancellation)
    {
        var there = $"{registry}/bonemet/{image.Name}:{tag}";
        await Tool.Run("docker", ["tag", Reference(image), there], cancellation);
        await Tool.Run("docker", ["push", "--quiet", there], cancellation);
        return (await Tool.Run("docker", ["buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", there], cancellation)).Trim();
    }

    public Task Save(IReadOnlyList<string> references, string file, CancellationToken cancellation) => Tool.Run("docker", ["save", "--output", file, .. references], cancellation);
}
