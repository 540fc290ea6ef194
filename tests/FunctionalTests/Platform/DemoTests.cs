using System.Diagnostics;
using System.Text.Json;
using BoneMet.Cli.Platform;
using BoneMet.FunctionalTests.Support;
using Xunit;

namespace BoneMet.FunctionalTests.Platform;

/// <summary>`bonemet demo` as a user runs it: a process, its exit code, its JSON.</summary>
public sealed class DemoTests(PlatformFixture platform)
{
    [Fact]
    public async Task Demo_Generated_TwiceOnTheSameInput_IsTheSameToTheLastBit()
    {
        var first = await Demo();
        var second = await Demo();
        Assert.Equal(0, first.Code);
        Assert.Equal(Comparable(first.Json), Comparable(second.Json));
        Assert.Equal(["imaging", "pathology", "clinical"], first.Json.GetProperty("synthetic").EnumerateArray().Select(strand => strand.GetString()!));
        var prediction = first.Json.GetProperty("prediction");
        Assert.False(string.IsNullOrEmpty(prediction.GetProperty("interval").GetProperty("kind").GetString()));
        Assert.Equal("synthetic-demonstration", prediction.GetProperty("modelId").GetString());
        Assert.Equal(["age", "alp", "imaging", "pathology"], prediction.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("factor").GetString()).Order());
        Assert.All(prediction.GetProperty("labels").EnumerateArray(), label => Assert.True(label.GetProperty("entered").GetBoolean() && label.GetProperty("synthetic").GetBoolean()));
        Assert.Equal("CPU", prediction.GetProperty("provider").GetString());
        Assert.Equal(32, first.Json.GetProperty("traceId").GetString()!.Length);
        Assert.True(first.Json.GetProperty("elapsedMs").GetInt64() > 0);
        Assert.Contains("nomogram.svg", first.Json.GetProperty("artefacts").EnumerateObject().Select(artefact => artefact.Name));
    }

    [Theory]
    [InlineData("imaging")]
    [InlineData("pathology")]
    [InlineData("clinical")]
    public async Task Demo_WithoutAStrand_SaysItIsAbsentAndStillPredicts(string strand)
    {
        var run = await Demo("--without", strand);
        Assert.Equal(0, run.Code);
        Assert.Equal("absent", run.Json.GetProperty("strands").GetProperty(strand).GetProperty("status").GetString());
        var prediction = run.Json.GetProperty("prediction");
        Assert.DoesNotContain(prediction.GetProperty("strands").EnumerateObject(), used => used.Name == strand);
        Assert.StartsWith("synthetic-demonstration-", prediction.GetProperty("modelId").GetString(), StringComparison.Ordinal);
        // The model of the group that takes exactly the strands that are there.
        var factors = prediction.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("factor").GetString()).Order();
        Assert.Equal(new[] { "age", "alp", "imaging", "pathology" }.Where(factor => strand == "clinical" ? factor is "imaging" or "pathology" : factor != strand), factors);
    }

    [Fact]
    public async Task Demo_RealCtWithContoursAndRealSlide_ReachesAPrediction()
    {
        var images = TestData.Require("cases/sarcoma-008/dicom/CT");
        var slide = TestData.Require("wsi/libvips/CMU-1-Small-Region.svs");
        var run = await Demo("--images", images, "--slide", slide);
        Assert.Equal(0, run.Code);
        Assert.All(run.Json.GetProperty("strands").EnumerateObject(), strand => Assert.Equal("ready", strand.Value.GetProperty("status").GetString()));
        Assert.StartsWith("lung", run.Json.GetProperty("prediction").GetProperty("modelId").GetString(), StringComparison.Ordinal);
        Assert.All(run.Json.GetProperty("prediction").GetProperty("labels").EnumerateArray(), label => Assert.False(label.GetProperty("entered").GetBoolean()));
        Assert.Equal(["clinical"], run.Json.GetProperty("synthetic").EnumerateArray().Select(strand => strand.GetString()!));
    }

    [Theory]
    [InlineData("--images", "/there/is/no/such/folder")]
    [InlineData("--slide", "/there/is/no/such.svs")]
    [InlineData("--factors", "/there/is/no/such.json")]
    [InlineData("--without", "blood")]
    [InlineData("--url", "http://127.0.0.1:1")]
    public async Task Demo_BadArgument_IsOneSentenceAndExitCode2(string option, string value)
    {
        var run = await Run("demo", option, value, "--json");
        Assert.Equal(2, run.Code);
        Assert.Single(run.Error.Trim().Split('\n'));
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Empty(run.Output);
    }

    private async Task<(int Code, JsonElement Json)> Demo(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var run = await Run(["demo", "--json", "--out", folder.Path, "--url", platform.Url.AbsoluteUri, "--key", platform.SiteA, .. arguments]);
        Assert.True(run.Output.Length > 0, run.Error);
        return (run.Code, JsonDocument.Parse(run.Output).RootElement);
    }

    internal static string Comparable(JsonElement demo) => demo.GetProperty("prediction").GetRawText();

    internal static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add(Binaries.Find("Cli"));
        foreach (var argument in arguments) { info.ArgumentList.Add(argument); }
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
