using System.Text.Json;
using BoneMet.Cli.Images;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>
/// Images built with buildah and run with podman. Minutes, gigabytes and Debian's mirror: BONEMET_TEST_IMAGES=1 runs them where both are installed.
/// </summary>
[Collection("processes")]
public sealed class ImageTests(ITestOutputHelper output)
{
    private const double Megabyte = 1e6;
    private const string Tag = "test";

    [Fact]
    public async Task AllInOne_ReadOnlyNonRootWithoutCapabilities_CompletesTheDemoCase()
    {
        await Require();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        await Build("all-in-one", 400);
        using var data = new TemporaryFolder();
        var made = (await Registry.Open(data.Path, mayCreate: true).Add("demo", true, limit.Token))!.Key;
        await Tool.Run("chown", ["-R", "10001:10001", data.Path], limit.Token);
        var port = FreePort.Find(1)[0];
        await using var container = await Container.Start(
            ["--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--user", "10001:10001", "--network", "host", "--memory", "2g", "--volume", $"{data.Path}:/data",
                "--env", $"Http__Port={port}", "--env", "Http__GrpcPort=0", "--env", "Http__Bind=127.0.0.1", $"localhost/bonemet/all-in-one:{Tag}"], limit.Token);
        await container.WaitUntilReady(new Uri($"http://127.0.0.1:{port}/health/ready"), limit.Token);

        var demo = await DemoTests.Run("demo", "--json", "--url", $"http://127.0.0.1:{port}", "--key", made, "--out", data.Of("demo"));
        Assert.True(demo.Code == 0, demo.Error + await container.Logs());
        using var result = JsonDocument.Parse(demo.Output);
        Assert.All(result.RootElement.GetProperty("strands").EnumerateObject(), strand => Assert.Equal("ready", strand.Value.GetProperty("status").GetString()));
        Assert.Equal("0", await container.Stop());
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("nomogram-aggregation")]
    [InlineData("pathology-tiling")]
    public async Task Service_Image_IsSmallAndHasNoShell(string name)
    {
        await Require();
        await Build(name, 200);
        foreach (var program in (string[])["/bin/sh", "/bin/bash", "/usr/bin/dpkg", "/usr/bin/apt"])
        {
            await Assert.ThrowsAsync<Cli.CliFailure>(() => Tool.Run("podman", ["run", "--rm", "--network", "none", "--entrypoint", program, $"localhost/bonemet/{name}:{Tag}"], TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Gateway_BuiltTwiceFromTheSameCommit_IsTheSameToTheLastByte()
    {
        await Require();
        Assert.SkipUnless(Directory.Exists(Path.Combine(TestData.Root, ".git")) || File.Exists(Path.Combine(TestData.Root, ".git")), "needs the repository");
        var run = await DemoTests.Run("images", "gateway", "--builder", "buildah", "--tag", Tag, "--verify");
        Assert.SkipWhen(run.Error.Contains("commit your changes first", StringComparison.Ordinal), "the tree has changes");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("the same to the last byte", run.Output);
    }

    /// <summary>As in a hospital without internet: the archive alone, unpacked in an empty folder.</summary>
    [Fact]
    public async Task Bundle_InAnEmptyFolder_ChecksLoadsAndRefusesWhatIsDamaged()
    {
        await Require();
        using var folder = new TemporaryFolder();
        var run = await DemoTests.Run("bundle", "clinical-scoring", "--builder", "buildah", "--tag", Tag, "--out", folder.Of("bonemet.tar"));
        Assert.True(run.Code == 0, run.Error);
        var cancellation = TestContext.Current.CancellationToken;
        await Tool.Run("tar", ["-xf", folder.Of("bonemet.tar"), "-C", folder.Path], cancellation);
        var unpacked = Assert.Single(Directory.GetDirectories(folder.Path, "bonemet-*"));
        var install = Path.Combine(unpacked, "install.sh");
        Assert.True(File.Exists(Path.Combine(unpacked, "sbom", "clinical-scoring.cdx.json")));
        await Tool.Run("podman", ["rmi", "--force", $"localhost/bonemet/clinical-scoring:{Tag}"], cancellation);
        Assert.Contains("all files are as they were packed", await Tool.Run("unshare", ["--net", install, "--load"], cancellation));
        if (Tool.Which("k3s") is null && Tool.Which("ctr") is null) { await Tool.Run("podman", ["image", "exists", $"localhost/bonemet/clinical-scoring:{Tag}"], cancellation); }

        await File.AppendAllTextAsync(Path.Combine(unpacked, "values-site.yaml"), "\n", cancellation);
        var refused = await Assert.ThrowsAsync<Cli.CliFailure>(() => Tool.Run(install, ["--check"], cancellation));
        Assert.Contains("damaged", refused.Message);
    }

    private static async Task Require()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BONEMET_TEST_IMAGES") == "1", "takes minutes: BONEMET_TEST_IMAGES=1");
        foreach (var tool in (string[])["buildah", "podman", "mmdebstrap", "ld"]) { Assert.SkipUnless(Tool.Which(tool) is not null, $"needs Debian's {tool}"); }
        Assert.SkipUnless(await Container.CanRun(), "podman cannot run containers here");
    }

    private async Task Build(string name, int largest)
    {
        var run = await DemoTests.Run("images", name, "--builder", "buildah", "--tag", Tag);
        Assert.True(run.Code == 0, run.Error);
        output.WriteLine(run.Output);
        var builder = new BuildahBuilder(TestData.Root, ImageOptions.Parts, await BuildStamp.Read(TestData.Root, TestContext.Current.CancellationToken), Tag);
        Assert.InRange(await builder.Size(ServiceImage.Find(name), TestContext.Current.CancellationToken) / Megabyte, 1, largest);
    }
}
