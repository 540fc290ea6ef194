using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Images;

/// <summary>Makes images, with a Docker engine from a registry's bases or with buildah from this machine's own.</summary>
internal interface IImageBuilder
{
    /// <summary>The commands that make it, in their order.</summary>
    IEnumerable<BuildStep> Steps(ServiceImage image);

    /// <summary>Full name in the local store.</summary>
    string Reference(ServiceImage image);

    /// <summary>Bytes of its layers, unpacked.</summary>
    Task<long> Size(ServiceImage image, CancellationToken cancellation);

    /// <summary>Folders with what is inside, for the bill of materials: the program, and Debian's <c>status.d</c>.</summary>
    Task<(string App, IReadOnlyList<string> Status)> Contents(ServiceImage image, CancellationToken cancellation);

    /// <summary>One archive that Docker, podman and containerd load, layers that images share once.</summary>
    Task Save(IReadOnlyList<string> references, string file, CancellationToken cancellation);

    /// <summary>Puts it into <paramref name="registry"/> as <c>bonemet/NAME</c> under its tag; the digest that the registry has it under.</summary>
    Task<string> Push(ServiceImage image, string registry, CancellationToken cancellation);

    async Task Build(ServiceImage image, CancellationToken cancellation)
    {
        foreach (var step in Steps(image))
        {
            if (step.Done is { } done && Path.Exists(done)) { continue; }
            await Tool.Run(step.Program, step.Arguments, cancellation, step.Environment);
        }
    }
}
