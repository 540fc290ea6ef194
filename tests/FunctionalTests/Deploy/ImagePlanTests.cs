using System.Text.Json;
using BoneMet.Cli.Images;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>What `bonemet images` would do, and the bill of materials; the images themselves are built by <see cref="ImageTests"/>.</summary>
public sealed class ImagePlanTests
{
    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(TestData.Root, "deploy", "Dockerfile"));

    [Fact]
    public void Catalogue_HasAnImageForEveryServiceWithAProgram()
    {
        var programs = Directory.GetFiles(Path.Combine(TestData.Root, "services"), "Program.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(TestData.Root, "services"), file).Split(Path.DirectorySeparatorChar))
            .Where(parts => parts.Length == 2).Select(parts => parts[0]);
        Assert.All(programs, project => Assert.Contains(ServiceImage.All, image => image.Project == project));
        Assert.All(ServiceImage.All, image => Assert.True(Directory.Exists(Path.Combine(TestData.Root, "services", image.Project)), image.Project));
        Assert.Equal(ServiceImage.All.Count, ServiceImage.All.Select(image => image.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("# >>> base")]
    [InlineData("# <<< base")]
    [InlineData("# >>> service")]
    [InlineData("# <<< service")]
    public void Dockerfile_HasTheMarksThatTheLocalBuildCutsAt(string mark) => Assert.Single(Dockerfile.Split('\n'), line => line == mark);

    [Theory]
    [InlineData("docker")]
    [InlineData("buildah")]
    public async Task DryRun_OfTheGpuImage_TakesTheCudaBuildOnTheCudaBase(string builder)
    {
        var run = await DemoTests.Run("images", "feature-extraction-gpu", "--dry-run", "--builder", builder);
        Assert.True(run.Code == 0, run.Error);
        foreach (var word in (string[])["SERVICE=FeatureExtraction", "ONNX=Gpu", "BASE=gpu", "NAME=feature-extraction-gpu", "deploy/Dockerfile"]) { Assert.Contains(word, run.Output); }
        Assert.Contains("FROM ${CUDA} AS gpu", Dockerfile);
    }

    [Fact]
    public async Task DryRun_WithoutARegistry_NamesNoOtherBaseThanItsOwn()
    {
        var run = await DemoTests.Run("images", "all-in-one", "--dry-run", "--builder", "buildah");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("BASE=localhost/bonemet/base:", run.Output);
        Assert.Contains("libopenslide0", run.Output);
        Assert.DoesNotContain("mcr.", run.Output);
    }

    /// <summary>The base, the native libraries and the program are made where the cut stages of the Dockerfile copy them from.</summary>
    [Fact]
    public async Task DryRun_WithoutARegistry_MakesEveryFolderThatTheDockerfileCopies()
    {
        var run = await DemoTests.Run("images", "pathology-tiling", "--dry-run", "--builder", "buildah");
        Assert.True(run.Code == 0, run.Error);
        var made = run.Output.Split('\n').Where(line => line.Contains("deploy/parts ", StringComparison.Ordinal)).Select(line => line.Split("deploy/parts ")[1].Split(' ')[1]).ToList();
        var copied = Dockerfile[Dockerfile.IndexOf("# >>> base", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("COPY --from=", StringComparison.Ordinal))
            .Select(line => line.Split(' ').First(word => word.StartsWith("/out/", StringComparison.Ordinal)).TrimEnd('/')).Where(folder => folder != "/out/data").ToList();
        Assert.Equal(4, copied.Count);
        Assert.All(copied, folder => Assert.Contains(made, path => path.EndsWith(folder, StringComparison.Ordinal)));
    }

    /// <summary>A part that is there is not made again, so one that was cut off must not be there.</summary>
    [Fact]
    public async Task Part_CutOff_IsNotTakenForDone()
    {
        using var folder = new TemporaryFolder();
        var programs = Directory.CreateDirectory(folder.Of("programs")).FullName;
        var unpacking = Path.Combine(programs, "mmdebstrap");
        await File.WriteAllTextAsync(unpacking, "#!/bin/sh\nexit 1\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(unpacking, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var part = folder.Of("out/system");
        await Assert.ThrowsAsync<Cli.CliFailure>(() => Tool.Run(
            Path.Combine(TestData.Root, "deploy", "parts"), ["rootfs", part], TestContext.Current.CancellationToken,
            new Dictionary<string, string> { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" }));
        Assert.False(Path.Exists(part));
    }

    [Theory]
    [InlineData("images", "no-such-image", "--dry-run")]
    [InlineData("images", "--builder", "magic", "--dry-run")]
    public async Task Images_BadArgument_IsOneSentenceAndExitCode2(params string[] arguments)
    {
        var run = await DemoTests.Run(arguments);
        Assert.Equal(2, run.Code);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public void Bill_NamesNuGetAndDebianPackagesAndTheRuntime_TheSameBytesTwice()
    {
        using var folder = new TemporaryFolder();
        var status = Directory.CreateDirectory(folder.Of("status.d")).FullName;
        File.WriteAllText(Path.Combine(status, "libssl3"), "Package: libssl3\nVersion: 3.0.22-1~deb12u2\nArchitecture: amd64\n");
        var image = ServiceImage.Find("all-in-one");
        var stamp = new BuildStamp("1.2.3", "0123456789", 1_700_000_000);
        var text = SoftwareBill.Write(image, stamp, Path.GetDirectoryName(Cli.Platform.Binaries.Find("AllInOne"))!, [status]);
        Assert.Equal(text, SoftwareBill.Write(image, stamp, Path.GetDirectoryName(Cli.Platform.Binaries.Find("AllInOne"))!, [status]));

        using var bill = JsonDocument.Parse(text);
        Assert.Equal(("CycloneDX", "1.5"), (bill.RootElement.GetProperty("bomFormat").GetString(), bill.RootElement.GetProperty("specVersion").GetString()));
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("purl").GetString()!);
        Assert.Contains("pkg:deb/debian/libssl3@3.0.22-1~deb12u2?arch=amd64", components.Keys);
        Assert.Contains(components.Keys, purl => purl.StartsWith("pkg:nuget/MassTransit@8.5.", StringComparison.Ordinal));
        Assert.Contains(components.Keys, purl => purl.StartsWith("pkg:generic/Microsoft.AspNetCore.App@10.", StringComparison.Ordinal));
        Assert.DoesNotContain(components.Keys, purl => purl.Contains("Grpc.Tools", StringComparison.Ordinal));
        Assert.Equal(128, components.First(pair => pair.Key.StartsWith("pkg:nuget/MassTransit@", StringComparison.Ordinal)).Value.GetProperty("hashes")[0].GetProperty("content").GetString()!.Length);
    }
}
