using System.Text.Json;
using System.Xml.Linq;
using BoneMet.FunctionalTests.Platform;
using BoneMet.FunctionalTests.Support;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

/// <summary>`bonemet model …` as typed: what it writes, and that a fault names its item, in one sentence, with exit code 2.</summary>
public sealed class ModelCommandTests(PlatformFixture platform)
{
    private const string Patient = """{"cancerType":"lung","histology":"adenocarcinoma","factors":[{"name":"sex","value":"male"},{"name":"other-metastatic-sites","value":"2"},{"name":"tumour-size","value":41,"unit":"mm"}]}""";

    [Fact]
    public async Task Predict_ByModelOrByCancer_AnswersAsJsonAndInWords()
    {
        using var folder = new TemporaryFolder();
        var factors = Write(folder, "f.json", Patient);
        var byId = await DemoTests.Run("model", "predict", "lung-adenocarcinoma-seer", "--factors", factors, "--json");
        Assert.True(byId.Code == 0, byId.Error);
        var prediction = JsonDocument.Parse(byId.Output).RootElement;
        var byCancer = await DemoTests.Run("model", "predict", "--factors", factors, "--json");
        Assert.Equal(prediction.GetProperty("probability").GetDouble(), JsonDocument.Parse(byCancer.Output).RootElement.GetProperty("probability").GetDouble());
        Assert.Equal(byId.Output, (await DemoTests.Run("model", "predict", "lung-adenocarcinoma-seer@1.0.0", "--factors", factors, "--json")).Output);
        Assert.Contains("患者", (await DemoTests.Run("model", "predict", "lung-adenocarcinoma-seer", "--factors", factors, "--language", "zh")).Output);
    }

    [Theory]
    [InlineData("""[{"name":"psa","value":3,"unit":"furlong"}]""", "prostate-rule-2019", "psa")]
    [InlineData("""[{"name":"tumour-size","value":-3,"unit":"cm"}]""", "lung-adenocarcinoma-seer", "tumour-size")]
    [InlineData("""[{"name":"sex","value":"purple"}]""", "lung-adenocarcinoma-seer", "purple")]
    [InlineData("""[{"name":"n-stage","value":"N0"},{"name":"node-positive","value":"yes"}]""", "renal-seer-odds", "N0")]
    [InlineData("""{"cancerType":"breast","factors":[{"name":"sex","value":"male"}]}""", "lung-adenocarcinoma-seer", "breast")]
    [InlineData("""[{"name":"sex","value":"male"}]""", "no-such-model", "no-such-model")]
    [InlineData("{", "lung-adenocarcinoma-seer", "")]
    public async Task Predict_BadInput_NamesTheItem(string json, string model, string named)
    {
        using var folder = new TemporaryFolder();
        var run = await DemoTests.Run("model", "predict", model, "--factors", Write(folder, "f.json", json));
        Assert.Equal(2, run.Code);
        Assert.Contains(named, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    [Fact]
    public async Task Model_ImportedSignedChangedAndPublished_GoesTheWholeWay()
    {
        using var folder = new TemporaryFolder();
        var table = Write(folder, "t.csv", "factor,level,or,low,high,without,with\nsex,female,1,,,400,60\nsex,male,1.5,1.2,1.875,600,140\n");
        var file = Path.Combine(folder.Path, "m.json");
        string[] import = ["model", "import", "--table", table, "--id", "imported-for-a-test", "--cancer", "lung", "--citation", "Generated for a test.", "--prevalence", "0.2", "--out", file];
        var imported = await DemoTests.Run(import);
        Assert.True(imported.Code == 0, imported.Error);
        var model = ModelFile.Load(await File.ReadAllTextAsync(file)).Require();
        Assert.Equal(ModelIntercept.SolvedFromPrevalence, model.Intercept!.Origin);
        double Share(double logit) => 1 / (1 + Math.Exp(-logit));
        Assert.Equal(0.2, ((460 * Share(model.Intercept.Value!.Value)) + (740 * Share(model.Intercept.Value.Value + Math.Log(1.5)))) / 1200, 1e-9);

        Assert.Contains("good", (await DemoTests.Run("model", "validate", file)).Output);
        var unsigned = await DemoTests.Run("model", "publish", file, "--url", platform.Url.ToString(), "--key", platform.OperatorKey);
        Assert.Equal(2, unsigned.Code);
        Assert.Contains("not signed", unsigned.Error);
        Assert.Equal(0, (await DemoTests.Run("model", "sign", file, "--key", Path.Combine(folder.Path, "key"))).Code);
        Assert.Equal(0, (await DemoTests.Run("model", "validate", "--signed", file)).Code);
        var shown = await DemoTests.Run("model", "show", file);
        Assert.Equal(model.Id, JsonDocument.Parse(shown.Output).RootElement.GetProperty("id").GetString());

        var svg = Path.Combine(folder.Path, "n.svg");
        var pdf = Path.Combine(folder.Path, "n.pdf");
        Assert.Equal(0, (await DemoTests.Run("model", "nomogram", file, "--svg", svg, "--pdf", pdf, "--factors", Write(folder, "f.json", """[{"name":"sex","value":"male"}]"""))).Code);
        Assert.Contains(XDocument.Load(svg).Descendants(), element => element.Attribute("data-mark")?.Value == "total");
        Assert.Equal("%PDF"u8.ToArray(), (await File.ReadAllBytesAsync(pdf))[..4]);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("Generated for a test.", "Another source.", StringComparison.Ordinal));
        foreach (var command in new[] { "validate", "show", "publish" })
        {
            var tampered = await DemoTests.Run("model", command, file);
            Assert.Equal(2, tampered.Code);
            Assert.Contains("signature", tampered.Error);
        }
    }

    [Fact]
    public async Task List_OfACancer_HoldsItsModelsAndRefusesAnUnknownOne()
    {
        var listed = await DemoTests.Run("model", "list", "--cancer", "肺癌", "--json");
        Assert.Contains(JsonDocument.Parse(listed.Output).RootElement.EnumerateArray(), model => model.GetProperty("id").GetString() == "lung-squamous-seer");
        var unknown = await DemoTests.Run("model", "list", "--cancer", "unicorn");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("unicorn", unknown.Error);
    }

    private static string Write(TemporaryFolder folder, string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
