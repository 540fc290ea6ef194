using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Tests;
using Xunit;

namespace BoneMet.UnitTests.Cohorts;

/// <summary>Whole studies against R on 300 subjects with ties, few events and quotes in level names: tests/reference/studies.R writes studies.json.</summary>
public sealed class StudyReferenceTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "tests", "reference", "studies.json"))).RootElement;
    private static readonly string[] Factors = ["age", "grade", "smoker", "marker", "centre"];

    [Theory]
    [InlineData("lrm", "stats")]
    [InlineData("val_prob", null)]
    public void Fit_RmsStatistics_EqualRUnderItsNames(string key, string? inner)
    {
        var json = Run(new() { Kind = StudyKind.Fit, Outcome = "event", Factors = Factors })[key]!;
        var found = inner is null ? json : json[inner]!;
        foreach (var expected in Reference.GetProperty(key).EnumerateObject()) { Close(expected.Value.GetDouble(), double.Parse(found[expected.Name]!.ToJsonString(), CultureInfo.InvariantCulture), expected.Name, 1e-6); }
    }

    [Theory]
    [InlineData("birthwt_glm", "low", "age,lwt,factor(race),smoke,ptl,ht,ui,ftv")]
    [InlineData("nodal_glm", "r", "aged,stage,grade,xray,acid")]
    public void Fit_DefaultStop_EqualsWhatGlmPrints(string name, string outcome, string factors)
    {
        var expected = JsonDocument.Parse(File.ReadAllText(TestData.Require("stats/reference_dev.json"))).RootElement.GetProperty(name);
        var loaded = TableReader.Read(TestData.Require(expected.GetProperty("source").GetString()!), null, TestContext.Current.CancellationToken);
        var glm = StudyRunner.Run(new() { Kind = StudyKind.Fit, Outcome = outcome, Factors = factors.Split(',') }, loaded, null, TestContext.Current.CancellationToken).Json["glm"]!;
        var rows = glm["r_default"]!["coefficients"]!.AsArray();
        Assert.Equal(expected.GetProperty("iterations").GetInt32(), glm["r_default"]!["iterations"]!.GetValue<int>());
        for (var j = 0; j < rows.Count; j++)
        {
            foreach (var (ours, theirs) in (ReadOnlySpan<(string, string)>)[("coef", "coef"), ("se", "se"), ("stat", "z")]) { Close(expected.GetProperty(theirs)[j].GetDouble(), rows[j]![ours]!.GetValue<double>(), $"{theirs} {j}", 1e-9); }
            Close(expected.GetProperty("coef")[j].GetDouble(), glm["coefficients"]![j]!["coef"]!.GetValue<double>(), $"converged {j}", 1e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_PenaltiesGiven_EqualGlmnet(int index)
    {
        var expected = Reference.GetProperty("glmnet")[index];
        var path = Run(new() { Kind = StudyKind.Fit, Outcome = "event", Factors = Factors, Alpha = expected.GetProperty("alpha").GetDouble(), Lambdas = [0.003, 0.05, 0.02, 0.01] })["glmnet"]!;
        Assert.Equal([0.05, 0.02, 0.01, 0.003], path["lambda"]!.AsArray().Select(l => l!.GetValue<double>()));
        Assert.Equal(expected.GetProperty("terms").EnumerateArray().Select(t => t.GetString()), path["terms"]!.AsArray().Select(t => t!.GetValue<string>()));
        for (var k = 0; k < 4; k++)
        {
            Assert.Equal(expected.GetProperty("intercept")[k].GetDouble(), path["intercept"]![k]!.GetValue<double>(), 1e-4);
            for (var j = 0; j < path["terms"]!.AsArray().Count; j++) { Assert.Equal(expected.GetProperty("beta")[j][k].GetDouble(), path["beta"]![j]![k]!.GetValue<double>(), 1e-5); }
        }
    }

    [Fact]
    public void Fit_Lasso_MakesGlmnetsGridAndChoosesAPenalty()
    {
        var path = Run(new() { Kind = StudyKind.Fit, Outcome = "event", Factors = Factors, Alpha = 1 })["glmnet"]!;
        var grid = Reference.GetProperty("grid").EnumerateArray().Select(l => l.GetDouble()).ToArray();
        Assert.Equal(grid.Length, path["lambda"]!.AsArray().Count);
        for (var k = 0; k < grid.Length; k++) { Close(grid[k], path["lambda"]![k]!.GetValue<double>(), $"penalty {k}", 1e-9); }
        double best = path["cv"]!["lambda.min"]!["lambda"]!.GetValue<double>(), spare = path["cv"]!["lambda.1se"]!["lambda"]!.GetValue<double>();
        Assert.True(spare >= best);
        Assert.True(path["cv"]!["lambda.min"]!["coefficients"]!.AsArray().Count >= path["cv"]!["lambda.1se"]!["coefficients"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Survival_TiedTimes_EqualR(int index)
    {
        var expected = Reference.GetProperty("cox")[index];
        var cox = Run(new() { Kind = StudyKind.Survival, Outcome = "status", Time = "time", Factors = ["age", "grade", "smoker", "marker"], Ties = expected.GetProperty("ties").GetString()! })["coxph"]!;
        for (var j = 0; j < expected.GetProperty("term").GetArrayLength(); j++)
        {
            var row = cox["coefficients"]![j]!;
            Assert.Equal(expected.GetProperty("term")[j].GetString(), row["term"]!.GetValue<string>());
            Close(expected.GetProperty("coef")[j].GetDouble(), row["coef"]!.GetValue<double>(), "coef", 1e-7);
            Close(expected.GetProperty("se")[j].GetDouble(), row["se"]!.GetValue<double>(), "se", 1e-6);
        }
        for (var k = 0; k < 2; k++) { Close(expected.GetProperty("loglik")[k].GetDouble(), cox["loglik"]![k]!.GetValue<double>(), "loglik", 1e-9); }
        for (var k = 0; k < cox["zph"]!.AsArray().Count; k++) { Close(expected.GetProperty("zph")[k].GetDouble(), cox["zph"]![k]!["chisq"]!.GetValue<double>(), "zph", 1e-6); }
    }

    [Fact]
    public void Survival_Groups_EqualR()
    {
        var json = Run(new() { Kind = StudyKind.Survival, Outcome = "status", Time = "time", Factors = ["age"], Strata = "centre", Times = [6, 12, 24] });
        Close(Reference.GetProperty("logrank").GetDouble(), json["logrank"]!["chisq"]!.GetValue<double>(), "log-rank", 1e-9);
        foreach (var name in (string[])["surv", "lower", "upper"])
        {
            for (var k = 0; k < json["km"]!.AsArray().Count; k++) { Close(Reference.GetProperty("km").GetProperty(name)[k].GetDouble(), json["km"]![k]![name]!.GetValue<double>(), name, 1e-9); }
        }
    }

    [Fact]
    public void Association_EveryKindOfPair_EqualsR()
    {
        var table = Load(Csv()).Table;
        double[] age = ((NumericColumn)table["age"]).Values, marker = ((NumericColumn)table["marker"]).Values;
        CategoricalColumn grade = (CategoricalColumn)table["grade"], centre = (CategoricalColumn)table["centre"];
        var expected = Reference.GetProperty("association");
        Close(expected.GetProperty("spearman").GetDouble(), Association.Spearman(age, marker), "Spearman", 1e-9);
        Close(expected.GetProperty("cramer").GetDouble(), Association.CramerV(grade.Codes, grade.Levels.Length, centre.Codes, centre.Levels.Length), "Cramér", 1e-9);
        Close(expected.GetProperty("eta").GetDouble(), Association.CorrelationRatio(marker, grade.Codes, grade.Levels.Length), "eta", 1e-9);
    }

    private static string Csv() => Reference.GetProperty("csv").GetString()!;

    private static LoadedTable Load(string csv) => TableReader.Read(() => new MemoryStream(Encoding.UTF8.GetBytes(csv)), null, TestContext.Current.CancellationToken);

    private static JsonObject Run(StudyProtocol protocol) => StudyRunner.Run(protocol, Load(Csv()), null, TestContext.Current.CancellationToken).Json;

    private static void Close(double expected, double actual, string what, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 1e-3), $"{what}: {actual:R} instead of {expected:R}");
}
