using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Reports;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Tables;
using Xunit;

namespace BoneMet.UnitTests.Cohorts;

/// <summary>Against R on 400 simulated subjects: tests/reference/cohorts.R writes cohorts.json.</summary>
public sealed class StudyTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "tests", "reference", "cohorts.json"))).RootElement;

    [Theory]
    [InlineData("plain", "age,marker,sex,stage,smoker")]
    [InlineData("product", "age,sex,age:sex")]
    [InlineData("product", "age*sex")]
    public void Fit_Model_EqualsR(string name, string factors) => Compare(Reference.GetProperty(name), Run(StudyKind.Fit, factors).Json);

    [Theory]
    [InlineData("age,sex", true)]
    [InlineData("rcs(age,4),sex", false)]
    public void Fit_Spline_EqualsR(string factors, bool option)
    {
        var result = Run(StudyKind.Fit, factors, p => option ? p with { Splines = new Dictionary<string, int> { ["age"] = 4 } } : p);
        Compare(Reference.GetProperty("spline").GetProperty("fit"), result.Json, names: false);
        var knots = result.Json["model"]!["terms"]![0]!["knots"]!.AsArray();
        for (var k = 0; k < 4; k++) { Assert.Equal(Reference.GetProperty("spline").GetProperty("knots")[k].GetDouble(), knots[k]!.GetValue<double>(), 1e-12); }
        Assert.Equal(["(Intercept)", "age", "age'", "age''", "sexmale"], Terms(result.Json));
    }

    [Fact]
    public void Fit_Levels_AreSortedAsR()
    {
        var levels = Run(StudyKind.Fit, "sex,stage,site").Json["cohort"]!["levels"]!;
        foreach (var factor in (string[])["sex", "stage", "site"]) { Assert.Equal(Reference.GetProperty("levels").GetProperty(factor).EnumerateArray().Select(l => l.GetString()), levels[factor]!.AsArray().Select(l => l!.GetValue<string>())); }
    }

    [Fact]
    public void Strata_Sites_PoolAsR()
    {
        var factor = Run(StudyKind.Strata, "age,sex", p => p with { Strata = "site" }).Json["strata"]!["factors"]![0]!;
        var expected = Reference.GetProperty("strata");
        for (var s = 0; s < 3; s++) { Close(expected.GetProperty("est")[s].GetDouble(), factor["effects"]![s]!["coef"]!.GetValue<double>()); }
        Close(expected.GetProperty("pooled").GetDouble(), factor["pooled"]!["coef"]!.GetValue<double>());
        Close(expected.GetProperty("q").GetDouble(), factor["pooled"]!["q"]!.GetValue<double>());
        Assert.NotNull(factor["interaction"]!["p"]);
        Assert.Contains(factor["verdict"]!.GetValue<string>(), (string[])["homogeneous", "heterogeneous"]);
    }

    [Fact]
    public void Pool_FiveStrata_EqualsR()
    {
        var expected = Reference.GetProperty("pool");
        StratumEffect[] effects = [.. Enumerable.Range(0, 5).Select(i => new StratumEffect($"{i}", expected.GetProperty("est")[i].GetDouble(), expected.GetProperty("se")[i].GetDouble(), 100, 10)), new("empty", double.NaN, double.NaN, 3, 0, "no event")];
        var pooled = EffectPooling.Pool(effects)!;
        Close(expected.GetProperty("common").GetDouble(), pooled.Common);
        Close(expected.GetProperty("q").GetDouble(), pooled.Q);
        Close(expected.GetProperty("p").GetDouble(), pooled.QP);
        Close(expected.GetProperty("i2").GetDouble(), pooled.I2);
        Close(expected.GetProperty("tau2_dl").GetDouble(), pooled.TauSquaredDl);
        Assert.Equal(expected.GetProperty("tau2_reml").GetDouble(), pooled.TauSquaredReml, 1e-6);
        Assert.Equal(EffectVerdict.Heterogeneous, EffectPooling.Judge(pooled));
        Assert.Equal(EffectVerdict.NotEstimable, EffectPooling.Judge(EffectPooling.Pool([effects[0], effects[5]])));
    }

    [Fact]
    public void Ward_Profiles_EqualsR()
    {
        var expected = Reference.GetProperty("ward");
        double[][] profiles = [.. expected.GetProperty("profiles").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var merges = SurvivalClustering.Ward(profiles);
        for (var k = 0; k < merges.Count; k++) { Close(expected.GetProperty("height")[k].GetDouble(), merges[k].Height); }
        Assert.Equal(expected.GetProperty("cut3").EnumerateArray().Select(c => c.GetInt32() - 1), SurvivalClustering.Cut(merges, profiles, 3));
    }

    [Fact]
    public void Impute_MissingMarker_IsNearTheCompleteCases()
    {
        var pooled = Run(StudyKind.Impute, "age,marker,sex").Json["pooled"]!["coefficients"]!.AsArray();
        var complete = Run(StudyKind.Fit, "age,marker,sex").Json["glm"]!["coefficients"]!.AsArray();
        for (var j = 0; j < pooled.Count; j++)
        {
            Assert.Equal(complete[j]!["term"]!.GetValue<string>(), pooled[j]!["term"]!.GetValue<string>());
            Assert.True(Math.Abs(pooled[j]!["coef"]!.GetValue<double>() - complete[j]!["coef"]!.GetValue<double>()) < complete[j]!["se"]!.GetValue<double>());
        }
        Assert.InRange(pooled[2]!["fmi"]!.GetValue<double>(), 0.001, 0.5);
    }

    [Fact]
    public void Study_SameProtocol_GivesTheSameBytes()
    {
        static StudyProtocol With(StudyProtocol p) => p with { Bootstrap = 20, Site = "site", Seed = 5 };
        Assert.Equal(Run(StudyKind.Validate, "age,sex", With).ToText(), Run(StudyKind.Validate, "age,sex", With).ToText());
    }

    [Fact]
    public void Publish_Fit_PredictsWhatTheFitPredicts()
    {
        var loaded = Load(Csv());
        var result = StudyRunner.Run(Protocol(StudyKind.Fit, "rcs(age,4),marker,sex,stage,age:sex"), loaded, null, TestContext.Current.CancellationToken);
        var document = ModelPublisher.Document(result, new PublicationDetails { Id = "test-model", Cohort = "simulated", CancerType = "lung" });
        Assert.Empty(ModelChecks.Check(document));
        Assert.NotNull(ModelFile.Load(ModelFile.Save(document)).Model);
        Assert.Equal(loaded.Sha256, document.Lineage!.DataSha256);
        Assert.Equal("Intercept", document.Covariance!.Names[0]);
    }

    [Fact]
    public void Report_Fit_IsOneAccessiblePage()
    {
        var loaded = Load(Csv().Replace("site", "<script>", StringComparison.Ordinal));
        var result = StudyRunner.Run(Protocol(StudyKind.Fit, "age,sex,<script>"), loaded, null, TestContext.Current.CancellationToken);
        var page = StudyReport.Write(result, loaded, "cohort & co");
        foreach (var part in (string[])["lang=\"en\"", "Table 1", "TRIPOD+AI", "id=\"roc-t\"", "id=\"cal-t\"", "id=\"dca-t\"", "id=\"nomogram-t\"", "id=\"forest-t\"", "cohort &amp; co"]) { Assert.Contains(part, page, StringComparison.Ordinal); }
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_TwoFits_PredictsOnTheCohort()
    {
        var loaded = Load(Csv());
        string Fit(string factors) => StudyRunner.Run(Protocol(StudyKind.Fit, factors), loaded, null, TestContext.Current.CancellationToken).ToText();
        var json = ModelComparison.Run(("a", Fit("rcs(age,4),sex,stage,age:sex")), ("b", Fit("age")), loaded);
        Assert.Equal(400, json["on"]!["n"]!.GetValue<int>());
        Assert.Equal(1, json["models"]![0]!["calibration_slope"]!.GetValue<double>(), 1e-6);
        Assert.Contains(json["warnings"]!.AsArray(), w => w!["code"]!.GetValue<string>() == "same-data");
    }

    [Theory]
    [InlineData("y,x\n", "y", "x", "has no row")]
    [InlineData("y,x\n1,2\n1,3\n", "y", "x", "one class only")]
    [InlineData("y,x\n1,2\n0,2\n1,2\n", "y", "x", "constant")]
    [InlineData("y,x\n1,2\n0,3\n", "y", "z", "There is no column 'z'")]
    [InlineData("y,x\n1,a\n0,a\n1,b\n", "y", "x", "seen only once (row 3)")]
    [InlineData("y,x\n1,\n0,\n", "y", "x", "no value")]
    [InlineData("y,x,z\n1,2,4\n0,3,6\n1,5,10\n0,7,14\n1,1,2\n0,2,4\n", "y", "x,z", "combination")]
    [InlineData("y,x\n0,1\n0,2\n0,3\n1,4\n1,5\n1,6\n", "y", "x", "eparation")]
    [InlineData("y,x\n1,2\n0,3\n2,4\n", "y", "x", "3 values")]
    [InlineData("y,x\n1,2024-01-02\n0,2024-01-03\n", "y", "x", "holds dates")]
    public void Fit_BadData_SaysWhy(string csv, string outcome, string factors, string expected)
    {
        var exception = Record.Exception(() => StudyRunner.Run(new StudyProtocol { Kind = StudyKind.Fit, Outcome = outcome, Factors = factors.Split(',') }, Load(csv), null, TestContext.Current.CancellationToken));
        Assert.NotNull(exception);
        Assert.True(StudyFaults.IsForCaller(exception), exception.ToString());
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Pool_EffectsOfStrata_EqualsMetafor(int set)
    {
        var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "tests", "reference", "metafor.json"))).RootElement.GetProperty("sets")[set];
        double[] estimates = [.. expected.GetProperty("y").EnumerateArray().Select(v => v.GetDouble())], errors = [.. expected.GetProperty("se").EnumerateArray().Select(v => v.GetDouble())];
        var pooled = EffectPooling.Pool([.. estimates.Zip(errors, (y, se) => new StratumEffect("", y, se, 100, 20))])!;
        (string Name, double Value)[] found =
        [
            ("common", pooled.Common), ("common_se", pooled.CommonError), ("q", pooled.Q), ("q_p", pooled.QP), ("i2", pooled.I2), ("tau2_dl", pooled.TauSquaredDl), ("tau2_reml", pooled.TauSquaredReml), ("random", pooled.Random),
            ("random_se", pooled.RandomError),
        ];
        foreach (var (name, value) in found) { Assert.True(Math.Abs(value - expected.GetProperty(name).GetDouble()) <= 1e-7 * Math.Max(1e-2, Math.Abs(expected.GetProperty(name).GetDouble())), $"{name}: {value:R} instead of {expected.GetProperty(name)}"); }
    }

    [Fact]
    public void Compare_RowsLeftOut_AreCountedAndTheUnknownLevelNamed()
    {
        var models = new StringBuilder("y,x,g\n");
        for (var i = 0; i < 60; i++) { models.Append((i * 5) % 3 == 0 ? 1 : 0).Append(',').Append((i * 7) % 11).Append(',').Append(i % 4 == 0 ? "a" : "b").Append('\n'); }
        string Fit(params string[] factors) => StudyRunner.Run(new StudyProtocol { Kind = StudyKind.Fit, Outcome = "y", Factors = factors }, Load(models.ToString()), null, TestContext.Current.CancellationToken).ToText();
        (string, string) first = ("first", Fit("x")), second = ("second", Fit("x", "g"));
        var json = ModelComparison.Run(first, second, Load($"{models}1,3,rare\n0,,a\n"));
        Assert.Equal(2, json["on"]!["left_out"]!.GetValue<int>());
        var warning = Assert.Single(json["warnings"]!.AsArray(), w => w!["code"]!.GetValue<string>() == "left-out")!["text"]!.GetValue<string>();
        Assert.Contains("2 of 62 rows", warning, StringComparison.Ordinal);
        Assert.Contains("g rare", warning, StringComparison.Ordinal);
        Assert.Equal(["g", "x", "y"], ModelComparison.UsedColumns(first, second).Order());
    }

    [Fact]
    public void Impute_LevelSeenOnce_NamesTheRowOfTheFile()
    {
        var csv = new StringBuilder("y,x,g\n,1,a\n,2,b\n");
        for (var i = 0; i < 40; i++) { csv.Append(i % 3 == 0 ? 1 : 0).Append(',').Append((i * 7) % 11).Append(',').Append(i == 5 ? "rare" : i % 2 == 0 ? "a" : "b").Append('\n'); }
        var exception = Assert.Throws<StudyException>(() => StudyRunner.Run(new StudyProtocol { Kind = StudyKind.Impute, Outcome = "y", Factors = ["x", "g"] }, Load(csv.ToString()), null, TestContext.Current.CancellationToken));
        Assert.Contains("row 8", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("нет", "да", "да")]
    [InlineData("无", "有", "有")]
    [InlineData("Good", "Poor", "Poor")]
    [InlineData("no", "YES", "YES")]
    [InlineData("1", "2", "2")]
    public void Outcome_Coding_FindsTheEvent(string a, string b, string @event)
    {
        var csv = new StringBuilder("y,x\n");
        for (var i = 0; i < 40; i++) { csv.Append(i % 3 == 0 ? b : a).Append(',').Append((i * 7) % 11).Append('\n'); }
        Assert.Equal(@event, StudyRunner.Run(new StudyProtocol { Kind = StudyKind.Fit, Outcome = "y", Factors = ["x"] }, Load(csv.ToString()), null, TestContext.Current.CancellationToken).Json["study"]!["event"]!.GetValue<string>());
    }

    private static StudyResult Run(StudyKind kind, string factors, Func<StudyProtocol, StudyProtocol>? change = null)
    {
        var protocol = Protocol(kind, factors);
        return StudyRunner.Run(change is null ? protocol : change(protocol), Load(Csv()), null, TestContext.Current.CancellationToken);
    }

    private static StudyProtocol Protocol(StudyKind kind, string factors)
    {
        var list = factors.Replace("rcs(age,4)", "rcs(age;4)", StringComparison.Ordinal).Split(',').Select(f => f.Replace(';', ','));
        return new() { Kind = kind, Outcome = "bm", Factors = [.. list] };
    }

    private static string Csv() => Reference.GetProperty("csv").GetString()!;

    private static LoadedTable Load(string csv) => TableReader.Read(() => new MemoryStream(Encoding.UTF8.GetBytes(csv)), null, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Terms(JsonObject json) => json["glm"]!["coefficients"]!.AsArray().Select(c => c!["term"]!.GetValue<string>());

    private static void Compare(JsonElement expected, JsonObject json, bool names = true)
    {
        var rows = json["glm"]!["coefficients"]!.AsArray().ToDictionary(c => c!["term"]!.GetValue<string>(), c => c!);
        var position = 0;
        foreach (var term in expected.GetProperty("term").EnumerateArray())
        {
            var row = names ? rows[term.GetString()!] : json["glm"]!["coefficients"]![position]!;
            Close(expected.GetProperty("coef")[position].GetDouble(), row["coef"]!.GetValue<double>());
            Close(expected.GetProperty("se")[position].GetDouble(), row["se"]!.GetValue<double>());
            position++;
        }
        Assert.Equal(position, rows.Count);
        Close(expected.GetProperty("loglik").GetDouble(), json["glm"]!["loglik"]!.GetValue<double>());
        Close(expected.GetProperty("aic").GetDouble(), json["glm"]!["aic"]!.GetValue<double>());
        Close(expected.GetProperty("auc").GetDouble(), json["roc"]!["auc"]!.GetValue<double>());
        Assert.Equal(expected.GetProperty("n").GetInt32(), json["cohort"]!["n"]!.GetValue<int>());
    }

    private static void Close(double expected, double actual) => Assert.True(Math.Abs(actual - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-9), $"{actual:R} instead of R's {expected:R}");
}
