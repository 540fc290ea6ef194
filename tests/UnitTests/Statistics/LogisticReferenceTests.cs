using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

public class LogisticReferenceTests
{
    [Theory]
    [InlineData("birthwt_glm")]
    [InlineData("nodal_glm")]
    public void Fit_SharedData_EqualsGlm(string name)
    {
        // The shared reference was made with glm's default epsilon, whose standard errors are 1e-5 short of convergence.
        var r = Reference.Shared("stats/reference_dev.json").GetProperty(name);
        var data = Reference.Csv(TestData.Require(r.GetProperty("source").GetString()!));
        var (design, y) = name == "birthwt_glm" ? Birthwt(data) : Nodal(data);
        var fit = LogisticRegression.Fit(design, y, new LogisticOptions { StopAsGlm = 1e-8 }).Require();

        Assert.Equal(r.Strings("terms"), design.Names);
        Assert.Equal(r.GetProperty("iterations").GetInt32(), fit.Iterations);
        Reference.Close(r.Doubles("coef"), fit.Coefficients, 1e-6, "coef");
        Reference.Close(r.Doubles("se"), fit.StandardErrors, 1e-6, "se");
        var table = fit.Table();
        Reference.Close(r.Doubles("z"), [.. table.Select(c => c.Z)], 1e-6, "z");
        Reference.Close(r.Doubles("p"), [.. table.Select(c => c.P)], 1e-6, "p");
        Reference.Close(r.Doubles("odds_ratio"), [.. table.Select(c => c.OddsRatio)], 1e-6, "or");
        Reference.Close(r.Doubles("wald_ci_low"), [.. table.Select(c => Math.Log(c.Low))], 1e-6, "lo");
        Reference.Close(r.Doubles("wald_ci_high"), [.. table.Select(c => Math.Log(c.High))], 1e-6, "hi");
        Reference.Close(r.Double("null_deviance"), fit.NullDeviance, 1e-9, "null");
        Reference.Close(r.Double("deviance"), fit.Deviance, 1e-9, "deviance");
        Reference.Close(r.Double("aic"), fit.Aic, 1e-9, "aic");
        Reference.Close(r.Double("bic"), fit.Bic, 1e-9, "bic");
        Reference.Close(r.Double("loglik"), fit.LogLikelihood, 1e-9, "ll");
        Reference.Close(r.Double("mcfadden_r2"), fit.McFaddenR2, 1e-8, "mcfadden");
        Reference.Close(r.Double("nagelkerke_r2"), fit.NagelkerkeR2, 1e-8, "nagelkerke");
        Reference.Close(r.Double("brier"), fit.Brier, 1e-6, "brier");
        Reference.Close(LogisticRegression.Fit(design, y).Require().Coefficients, fit.Coefficients, 1e-5, "converged");
        Reference.Close(r.Doubles("first5_linear_predictor"), fit.LinearPredictor[..5], 1e-6, "lp");

        var roc = Roc.Of(fit.Probabilities, y);
        Reference.Close(r.Double("auc"), roc.Area, 1e-12, "auc");
        Reference.Close(r.Double("auc_delong_var"), roc.Variance, 1e-9, "var");
        Reference.Close(r.Doubles("auc_delong_ci"), [roc.Interval().Low, roc.Area, roc.Interval().High], 1e-9, "ci");
        var hl = HosmerLemeshow.Of(fit.Probabilities, y, grouping: HosmerLemeshowGrouping.Ranks);
        Reference.Close(r.Double("hosmer_lemeshow_chisq"), hl.ChiSquare, 1e-6, "hl");
        Reference.Close(r.Double("hosmer_lemeshow_p"), hl.P, 1e-6, "hl p");
    }

    [Theory]
    [InlineData("wfns")]
    [InlineData("s100b")]
    [InlineData("ndka")]
    public void Roc_AneurysmData_EqualsProc(string marker)
    {
        var r = Reference.Shared("stats/reference_dev.json").GetProperty("aSAH_delong").GetProperty(marker);
        var roc = Marker(marker, out _);
        Reference.Close(r.Double("auc"), roc.Area, 1e-12, "auc");
        Reference.Close(r.Double("delong_var"), roc.Variance, 1e-9, "var");
        Reference.Close(r.Doubles("delong_ci"), [roc.Interval().Low, roc.Area, roc.Interval().High], 1e-9, "ci");
        Reference.Close(r.Double("partial_auc_spec_1_0.9"), roc.PartialArea(0.9, 1), 1e-9, "partial");
        var youden = roc.Youden();
        Reference.Close(r.Doubles("youden"), [youden[0].Threshold, youden[0].Sensitivity, youden[0].Specificity], 1e-9, "youden");
    }

    [Fact]
    public void DeLong_AneurysmData_EqualsProc()
    {
        var r = Reference.Shared("stats/reference_dev.json").GetProperty("aSAH_delong");
        var markers = new[] { "wfns", "s100b", "ndka" }.ToDictionary(name => name, name => Marker(name, out _));
        Reference.Close(r.Double("cov_wfns_s100b"), markers["wfns"].Covariance(markers["s100b"]), 1e-9, "cov");
        foreach (var (a, b) in new[] { ("wfns", "s100b"), ("wfns", "ndka"), ("s100b", "ndka") })
        {
            var test = Roc.Paired(markers[a], markers[b]);
            Reference.Close(r.GetProperty($"{a}_vs_{b}").Double("Z"), test.Statistic, 1e-9, "Z");
            Reference.Close(r.GetProperty($"{a}_vs_{b}").Double("p"), test.P, 1e-9, "p");
        }

        Marker("s100b", out var data);
        var expected = r.GetProperty("unpaired_s100b_female_vs_male");
        var unpaired = Roc.Unpaired(OfSex(data, "Female"), OfSex(data, "Male"));
        Reference.Close(expected.Double("D"), unpaired.Statistic, 1e-9, "D");
        Reference.Close(expected.Double("df"), unpaired.DegreesOfFreedom, 1e-9, "df");
        Reference.Close(expected.Double("p"), unpaired.P, 1e-9, "p");
    }

    internal static (DesignMatrix Design, double[] Outcome) Birthwt(Dictionary<string, string[]> data)
    {
        var builder = new DesignBuilder(data["low"].Length);
        foreach (var name in new[] { "age", "lwt", "race", "smoke", "ptl", "ht", "ui", "ftv" })
        {
            if (name == "race") { builder.Factor(name, data[name]); } else { builder.Numeric(name, data[name].Numbers()); }
        }
        return (builder.Build(), data["low"].Numbers());
    }

    internal static (DesignMatrix Design, double[] Outcome) Nodal(Dictionary<string, string[]> data)
    {
        string[] names = ["aged", "stage", "grade", "xray", "acid"];
        return (DesignMatrix.FromColumns(names, [.. names.Select(name => data[name].Numbers())]), data["r"].Numbers());
    }

    private static Roc Marker(string marker, out Dictionary<string, string[]> data)
    {
        data = Reference.Csv(TestData.Require("stats/aSAH.csv"));
        return Roc.Of(data[marker].Numbers(), [.. data["outcome"].Select(o => o == "Poor" ? 1.0 : 0)], RocDirection.ByMedian);
    }

    private static Roc OfSex(Dictionary<string, string[]> data, string sex)
    {
        var rows = Enumerable.Range(0, data["gender"].Length).Where(i => data["gender"][i] == sex).ToArray();
        var scores = data["s100b"].Numbers();
        return Roc.Of([.. rows.Select(i => scores[i])], [.. rows.Select(i => data["outcome"][i] == "Poor" ? 1.0 : 0)]);
    }
}
