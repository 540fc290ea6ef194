using System.Text.Json.Nodes;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("/version", "\"1\"", "/version")]
    [InlineData("/cancerType", "\"wrist\"", "/cancerType")]
    [InlineData("/surprise", "1", "/surprise")]
    [InlineData("/terms/0/levels/1/beta", "\"x\"", "/terms/0/levels/1/beta")]
    [InlineData("/terms/0/levels/1/ratio", "2.24", "/terms/0/levels/1")]
    [InlineData("/terms/0/levels/1/ratioHigh", "1.9", "/terms/0/levels/1")]
    [InlineData("/terms/0/levels/1/standardError", "0.4", "/terms/0/levels/1/standardError")]
    [InlineData("/terms/1/levels/2/level", "\"7\"", "/terms/1/levels/2")]
    [InlineData("/terms/2/bins/1/from", "3", "/terms/2/bins/1/from")]
    [InlineData("/terms/2/unit", "\"kg\"", "/terms/2/unit")]
    [InlineData("/intercept/value", "-1.0", "/intercept/value")]
    [InlineData("/outcome/timing", "\"soon\"", "/outcome/timing")]
    [InlineData("/outcome/timing", "\"metachronous\"", "/outcome/horizonMonths")]
    [InlineData("/usedAt", "\"diagnosis\"", "/terms/1/factor")]
    [InlineData("/evidence/complete", "true", "/evidence/complete")]
    [InlineData("/cohort/events", "999999", "/cohort/events")]
    [InlineData("/baseRate/rate", "1.5", "/baseRate/rate")]
    public void Load_OfAChangedDocument_NamesTheFaultByPointer(string at, string value, string expected)
    {
        var json = JsonNode.Parse(ModelFile.Save(ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!.Model))!;
        var steps = at[1..].Split('/');
        var node = json;
        foreach (var step in steps[..^1]) { node = int.TryParse(step, out var i) ? node![i]! : node![step]!; }
        node![steps[^1]] = JsonNode.Parse(value);
        var load = ModelFile.Load(json.ToJsonString());
        Assert.Null(load.Model);
        Assert.Contains(load.Faults, fault => fault.JsonPointer == expected);
    }

    [Fact]
    public void Load_ListsEveryFault_NotOnlyTheFirst()
    {
        var load = ModelFile.Load("""{"format":"bonemet.risk-model/2","id":"A B","family":"magic","version":"x","terms":[{"kind":"spline","factor":"age","knots":[3,2],"coefficients":[],"low":5,"high":1}]}""");
        string[] expected = ["/format", "/id", "/family", "/version", "/title", "/cancerType", "/outcome", "/usedAt", "/cohort", "/evidence", "/intendedUse", "/notFor", "/terms/0/knots", "/terms/0/knots/1", "/terms/0/coefficients", "/terms/0/high"];
        foreach (var pointer in expected) { Assert.Contains(load.Faults, fault => fault.JsonPointer == pointer); }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"id\":1e999}")]
    public void Load_OfNonsense_IsAFault(string text) => Assert.NotEmpty(ModelFile.Load(text).Faults);

    [Fact]
    public void Check_OfAMonotoneClaimThatTurns_SaysWhere()
    {
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-laboratory")!.Model with
        {
            Terms = [new SplineTerm { Factor = "age", Knots = [40, 55, 70], Coefficients = [new() { Beta = 0.1 }, new() { Beta = -0.3 }], Low = 20, High = 90, Monotone = "increasing" }],
        };
        Assert.Contains(ModelChecks.Check(model), fault => fault is { JsonPointer: "/terms/0/monotone" } && fault.Reason.Contains("turns near", StringComparison.Ordinal));
    }

    [Fact]
    public void Schema_KnowsEveryPropertyOfEveryBuiltInDocument()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestData.Root, "shared", "RiskModels", "Documents", "Schema", "risk-model-1.schema.json")))!;
        var known = schema["properties"]!.AsObject().Select(p => p.Key).ToHashSet();
        foreach (var model in ModelLibrary.BuiltIn.All)
        {
            Assert.Subset(known, JsonNode.Parse(ModelFile.Save(model.Model))!.AsObject().Select(p => p.Key).ToHashSet());
        }
    }

    [Fact]
    public void OddsTable_WithTheLungTable_GivesTheBuiltInModelsNumbers()
    {
        const string Table = "factor,level,or,low,high,without,with\nsex,female,,,,46496,10752\nsex,male,1.32,1.15,1.51,50750,14893\nother-metastatic-sites,0,,,,71363,10192\nother-metastatic-sites,1,3.98,3.47,4.57,21085,10071\n"
            + "other-metastatic-sites,2,8.22,6.40,10.54,4339,4331\nother-metastatic-sites,3,13.64,7.73,24.08,439,868\n";
        var (terms, faults) = OddsTable.Read(new StringReader(Table));
        Assert.Empty(faults);
        var sex = Assert.IsType<CategoricalTerm>(terms[0]);
        Assert.Equal(Math.Log(1.32), sex.Levels[1].Coefficient.Beta, 1e-15);
        Assert.Equal((Math.Log(1.51) - Math.Log(1.15)) / (2 * 1.959964), sex.Levels[1].Coefficient.StandardError!.Value, 1e-7);
    }

    [Fact]
    public void OddsTable_WithFaults_NamesLineAndColumn()
    {
        var (_, faults) = OddsTable.Read(new StringReader("factor,level,or,low,high\nsex,male,abc,1,2\nsex,female,,,\nage,,1.03,1.01,\n"));
        Assert.Contains(faults, f => f.StartsWith("line 2:", StringComparison.Ordinal) && f.Contains("'or'", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.StartsWith("line 4:", StringComparison.Ordinal) && f.Contains("one limit", StringComparison.Ordinal));
    }

    [Fact]
    public void Recalibration_OfPatientsDrawnFromAShiftedModel_FindsTheShift()
    {
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!;
        var random = new Random(7);
        var lps = Enumerable.Range(0, 40_000).Select(_ => -2 + (3 * random.NextDouble())).ToList();
        var outcomes = lps.ConvertAll(lp => random.NextDouble() < 1 / (1 + Math.Exp(-(0.7 + (0.8 * lp)))));
        var result = Recalibration.Fit(model, lps, outcomes, fitSlope: true, "Site A", new string('c', 64));
        Assert.Equal(0.7, result.Shift, 3 * result.ShiftStandardError);
        Assert.Equal(0.8, result.Slope, 3 * result.SlopeStandardError!.Value);
        Assert.Equal((double)result.Events / result.Patients, result.MeanAfter, 1e-9);
        Assert.True(result.BrierAfter < result.BrierBefore);
        Assert.Empty(ModelChecks.Check(result.Model));
        Assert.Equal(model.Sha256, result.Model.Lineage!.ParentSha256);

        var coded = FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", 2), new("tumour-size", 3, Unit: "cm")]).Coded;
        Assert.Equal(result.Shift + (result.Slope * Predictor.Predict(model, coded).LinearPredictor!.Value), Predictor.Predict(new CompiledModel(result.Model), coded).LinearPredictor!.Value, 1e-12);
        Assert.Throws<InvalidDataException>(() => Recalibration.Fit(model, [0.1, 0.2], [true, false], false, "A", new string('c', 64)));
    }
}
