using System.Text.Json;
using BoneMet.Statistics.Survival;
using Xunit;

namespace BoneMet.UnitTests.Survival;

/// <summary>Against R's survival 3.5 on 240 subjects with many ties: tests/reference/survival.R writes survival.json.</summary>
public sealed class SurvivalReferenceTests
{
    private const double Tolerance = 1e-7;
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "tests", "reference", "survival.json"))).RootElement;

    [Theory]
    [InlineData("efron")]
    [InlineData("breslow")]
    [InlineData("strata")]
    [InlineData("offset")]
    [InlineData("weights")]
    public void Cox_Variant_EqualsR(string variant)
    {
        var fit = Fit(Data(variant), variant == "breslow" ? TieHandling.Breslow : TieHandling.Efron);
        var expected = Reference.GetProperty(variant);
        Close(expected.GetProperty("coef"), fit.Coefficients);
        Close(expected.GetProperty("se"), fit.StandardErrors);
        Close(expected.GetProperty("loglik"), [fit.NullLogLikelihood, fit.LogLikelihood]);
        Close(expected.GetProperty("score").GetDouble(), fit.ScoreTest);
        Close(expected.GetProperty("wald").GetDouble(), fit.WaldTest);
        Close(expected.GetProperty("concordance")[0].GetDouble(), fit.Concordance.Value);
        if (variant != "weights") { Close(expected.GetProperty("concordance")[1].GetDouble(), fit.Concordance.StandardError); }
    }

    [Theory]
    [InlineData("basehaz", true)]
    [InlineData("basehaz0", false)]
    public void BaselineHazard_Efron_EqualsR(string name, bool atMeans)
    {
        var data = Data("efron");
        var hazard = Assert.Single(BaselineHazard.Of(data, Fit(data), atMeans));
        Close(Reference.GetProperty(name).GetProperty("time"), hazard.Time);
        Close(Reference.GetProperty(name).GetProperty("hazard"), hazard.Hazard);
    }

    [Fact]
    public void ProportionalHazards_ByColumn_EqualsR() => CompareZph("zph", "efron", null);

    [Fact]
    public void ProportionalHazards_ByTerm_EqualsR() => CompareZph("zph_terms", "efron", [("x1", [0]), ("x2", [1]), ("x3", [2]), ("factor(site)", [3, 4])]);

    [Fact]
    public void ProportionalHazards_Stratified_EqualsR() => CompareZph("zph_strata", "strata", null);

    [Theory]
    [InlineData("log", ConfidenceTransform.Log)]
    [InlineData("loglog", ConfidenceTransform.LogLog)]
    [InlineData("plain", ConfidenceTransform.Plain)]
    public void KaplanMeier_Transform_EqualsR(string name, ConfidenceTransform transform)
    {
        var curve = KaplanMeier.Fit(Column("time"), Integers("status"), null, transform);
        var expected = Reference.GetProperty("km").GetProperty(name);
        Close(expected.GetProperty("time"), curve.Time);
        Close(expected.GetProperty("surv"), curve.Probability);
        Close(expected.GetProperty("se"), curve.StandardError);
        Close(expected.GetProperty("lower"), curve.Lower);
        Close(expected.GetProperty("upper"), curve.Upper);
        Close(Reference.GetProperty("km").GetProperty("median").GetDouble(), curve.Median());
    }

    [Fact]
    public void LogRank_ThreeGroups_EqualsR()
    {
        var test = LogRank.Test(Column("time"), Integers("status"), Integers("site"), 3);
        Close(Reference.GetProperty("logrank").GetProperty("chisq").GetDouble(), test.ChiSquare);
        Close(Reference.GetProperty("logrank").GetProperty("exp"), test.Expected);
        Assert.Equal(2, test.DegreesOfFreedom);
        Close(Reference.GetProperty("logrank").GetProperty("chisq_strata").GetDouble(), LogRank.Test(Column("time"), Integers("status"), Integers("x2"), 2, Integers("site")).ChiSquare);
    }

    [Fact]
    public void FineGray_CompetingEvents_EqualsR()
    {
        var fit = FineGray.Fit(Data("finegray"), 1, TestContext.Current.CancellationToken);
        var expected = Reference.GetProperty("finegray");
        Close(expected.GetProperty("coef"), fit.Coefficients);
        Close(expected.GetProperty("se"), fit.StandardErrors);
        Close(expected.GetProperty("loglik"), [fit.NullLogLikelihood, fit.LogLikelihood]);
    }

    [Fact]
    public void CumulativeIncidence_CompetingEvents_EqualsR()
    {
        var curve = CumulativeIncidence.Fit(Column("time"), Integers("cause"), 1);
        var expected = Reference.GetProperty("incidence");
        Close(expected.GetProperty("time"), curve.Time);
        Close(expected.GetProperty("prob"), curve.Probability);
        Close(expected.GetProperty("se"), curve.StandardError);
    }

    [Fact]
    public void TimeDependentAuc_Horizons_EqualTheDoubleSum()
    {
        var expected = Reference.GetProperty("auc");
        var actual = expected.GetProperty("horizon").EnumerateArray().Select(h => TimeDependentAuc.At(Column("time"), Integers("status"), Column("x1"), h.GetDouble())).ToArray();
        Close(expected.GetProperty("value"), actual);
    }

    [Fact]
    public void Cox_ConstantCollinearOrBoundless_SaysWhich()
    {
        var data = Data("offset");
        var names = new[] { "x1", "twice" };
        Assert.Contains("twice is a combination of x1", Assert.Throws<SurvivalException>(() => Fit(data with { Names = names, Columns = [data.Columns[0], [.. data.Columns[0].Select(v => 2 * v)]] })).Message, StringComparison.Ordinal);
        Assert.Contains("twice has the same value", Assert.Throws<SurvivalException>(() => Fit(data with { Names = names, Columns = [data.Columns[0], new double[data.Time.Length]] })).Message, StringComparison.Ordinal);
        Assert.Contains("has no bound", Assert.Throws<SurvivalException>(() => Fit(data with { Names = names, Columns = [data.Columns[0], [.. data.Status.Select(s => (double)s)]] })).Message, StringComparison.Ordinal);
        Assert.Contains("no event", Assert.Throws<SurvivalException>(() => Fit(data with { Status = new int[data.Time.Length] })).Message, StringComparison.Ordinal);
    }

    private static CoxFit Fit(CoxData data, TieHandling ties = TieHandling.Efron) => CoxRegression.Fit(data, ties, TestContext.Current.CancellationToken);

    private static void CompareZph(string name, string variant, IReadOnlyList<(string, int[])>? terms)
    {
        var data = Data(variant);
        var tests = ProportionalHazards.Test(data, Fit(data), terms);
        var expected = Reference.GetProperty(name);
        Close(expected.GetProperty("chisq"), [.. tests.Select(t => t.ChiSquare)]);
        Close(expected.GetProperty("p"), [.. tests.Select(t => t.P)]);
        Close(expected.GetProperty("df"), [.. tests.Select(t => (double)t.DegreesOfFreedom)]);
    }

    private static CoxData Data(string variant)
    {
        string[] names = variant switch { "efron" or "breslow" => ["x1", "x2", "x3", "g2", "g3"], "offset" => ["x1", "x2"], _ => ["x1", "x2", "x3"] };
        return new CoxData
        {
            Time = Column("time"), Status = Integers(variant == "finegray" ? "cause" : "status"), Names = names, Columns = [.. names.Select(Column)],
            Offset = variant == "offset" ? Column("off") : null, Weights = variant == "weights" ? Column("w") : null, Strata = variant == "strata" ? Integers("site") : null,
        };
    }

    private static double[] Column(string name) => [.. Reference.GetProperty("data").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static int[] Integers(string name) => [.. Column(name).Select(v => (int)v)];

    private static void Close(JsonElement expected, double[] actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            if (expected[i].ValueKind is JsonValueKind.Null or JsonValueKind.String) { Assert.True(double.IsNaN(actual[i]), $"entry {i} is {actual[i]}, R gives NA"); continue; }
            Close(expected[i].GetDouble(), actual[i]);
        }
    }

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Max(Math.Abs(expected), 1e-6), $"{actual:R} instead of R's {expected:R}");
}
