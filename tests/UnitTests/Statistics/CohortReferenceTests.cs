using System.Diagnostics;
using System.Text.Json;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Validation;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Equality with the shared R reference on its 50,000 simulated patients.</summary>
public class CohortReferenceTests
{
    private static readonly string[] Numeric = ["age", "ldh", "alp"];
    private static readonly string[] Factors = ["sex", "histology", "grade", "t_stage", "n_stage"];

    [Fact]
    public void Cohort_FitRocValidateAndLasso_EqualR()
    {
        var r = Reference.Shared("../bench/stats_reference.json");
        var data = Cohort();
        var design = Design(data, [.. Numeric, .. Factors]);
        var y = data["event"].Numbers();
        var fit = LogisticRegression.Fit(design, y).Require();

        var glm = r.GetProperty("glm");
        var expected = glm.GetProperty("coefficients").EnumerateArray().ToArray();
        var table = fit.Table();
        for (var j = 0; j < expected.Length; j++)
        {
            Assert.Equal(expected[j].GetProperty("term").GetString(), table[j].Term);
            Reference.Close(
                expected[j].Many("coef", "se", "stat", "p", "or", "lo", "hi"),
                [table[j].Estimate, table[j].StandardError, table[j].Z, table[j].P, table[j].OddsRatio, table[j].Low, table[j].High], 1e-7, table[j].Term);
        }
        Reference.Close(glm.Many("deviance", "null_deviance", "aic", "bic", "loglik"), [fit.Deviance, fit.NullDeviance, fit.Aic, fit.Bic, fit.LogLikelihood], 1e-10, "likelihood");
        var vcov = glm.GetProperty("vcov").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(v => v.GetDouble())).ToArray();
        for (var i = 0; i < vcov.Length; i++) { Assert.True(Math.Abs(vcov[i] - fit.Covariance[i]) <= 1e-7 * Math.Sqrt(vcov[i / 16 * 17] * vcov[i % 16 * 17]), $"vcov {i}"); }
        Reference.Close(r.GetProperty("lrm").GetProperty("stats").Double("R2"), fit.NagelkerkeR2, 1e-6, "R2");
        var vif = r.GetProperty("lrm").GetProperty("vif").EnumerateObject().Select(v => v.Value.GetDouble()).ToArray();
        Reference.Close(vif, [.. fit.VarianceInflation().Select(v => v.Vif)], 1e-5, "vif");

        var roc = Roc.Of(fit.Probabilities, y);
        var rocR = r.GetProperty("roc");
        Reference.Close(rocR.Double("auc"), roc.Area, 1e-10, "auc");
        Reference.Close(rocR.Double("var_delong"), roc.Variance, 1e-8, "var");
        Reference.Close(rocR.Doubles("ci_delong"), [roc.Interval().Low, roc.Area, roc.Interval().High], 1e-9, "ci");
        var youden = roc.Youden()[0];
        Reference.Close(rocR.GetProperty("youden")[0].Many("threshold", "specificity", "sensitivity"), [youden.Threshold, youden.Specificity, youden.Sensitivity], 1e-7, "youden");
        var reduced = LogisticRegression.Fit(Design(data, ["age", "sex", "t_stage", "n_stage"]), y).Require();
        var paired = Roc.Paired(roc, Roc.Of(reduced.Probabilities, y));
        Reference.Close(rocR.GetProperty("reduced").Many("auc", "z", "p"), [paired.Second, paired.Statistic, paired.P], 1e-6, "paired");

        Reference.Close(r.Double("brier"), fit.Brier, 1e-9, "brier");
        var hl = HosmerLemeshow.Of(fit.Probabilities, y);
        var hlR = r.GetProperty("hosmer_lemeshow");
        Reference.Close([hlR.Double("chisq"), hlR.Double("p")], [hl.ChiSquare, hl.P], 1e-7, "hl");
        Reference.Close(hlR.Doubles("observed"), hl.Observed, 0, "hl observed");
        Reference.Close(hlR.Doubles("expected"), hl.Expected, 1e-8, "hl expected");
        var val = CalibrationSummary.Of(fit.Probabilities, y);
        var valR = r.GetProperty("val_prob");
        Reference.Close(valR.Many("Emax", "E90", "Eavg", "S:z", "Slope"), [val.EMax, val.E90, val.Ici, val.SpiegelhalterZ, val.Slope], 1e-5, "val.prob");

        // Corrected indexes: R's three seeds tell the Monte-Carlo error of one run of 200.
        var result = Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 40, Seed = 5 });
        var bySeed = r.GetProperty("validate").GetProperty("corrected_by_seed").EnumerateArray().ToArray();
        foreach (var row in r.GetProperty("validate").GetProperty("table").EnumerateArray())
        {
            var index = row.GetProperty("index").GetString()!;
            Reference.Close(row.Double("index.orig"), result[index].Original, 1e-6, index);
            var seeds = bySeed.Select(seed => seed.Double(index)).ToArray();
            var spread = Math.Max(seeds.Max() - seeds.Min(), 0.1 * Math.Abs(result[index].Optimism)) * Math.Sqrt(5) + 1e-7;
            Assert.True(Math.Abs(result[index].Corrected - seeds.Average()) < 3 * spread, $"{index}: R {string.Join(", ", seeds)}, here {result[index].Corrected}");
        }
        var curve = Bootstrap.Calibrate(fit, new ResamplingOptions { Replicates = 10 }).Curve;
        var curveR = r.GetProperty("calibrate").GetProperty("curve").EnumerateArray().ToArray();
        for (var k = 0; k < curveR.Length; k++)
        {
            Reference.Close(curveR[k].Double("predy"), curve[k].Predicted, 1e-6, "predy");
            Reference.Close(curveR[k].Double("calibrated.orig"), curve[k].Apparent, 1e-6, "original");
            // The smooth rests on few patients at high risk, where ten replicates leave more noise.
            var noise = 0.002 + (0.04 * curve[k].Predicted);
            Assert.InRange(curve[k].Corrected - curveR[k].Double("calibrated.corrected"), -noise, noise);
        }

        var lasso = r.GetProperty("glmnet");
        var path = ElasticNet.Path(design, y, new ElasticNetOptions { Lambdas = lasso.Doubles("lambda") });
        var beta = lasso.GetProperty("beta").EnumerateArray().Select(e => e.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        for (var k = 0; k < path.Count; k++)
        {
            Reference.Close(lasso.Doubles("intercept")[k], path[k].Coefficients[0], 1e-5, "intercept");
            for (var j = 0; j < beta.Length; j++) { Assert.True(Math.Abs(beta[j][k] - path[k].Coefficients[j + 1]) <= 1e-5 * Math.Abs(beta[j][k]), $"lasso {k} {j}"); }
        }

        foreach (var factor in UnivariableScreen.Of(design, y))
        {
            var one = r.GetProperty("glm_univariable").GetProperty(factor.Term);
            Reference.Close([one.Double("lr_chisq"), one.Double("lr_p")], [factor.Test!.ChiSquare, factor.Test.P], 1e-7, factor.Term);
        }
    }

    [Fact]
    public void Gradient_OfRowSplits_SumsToTheWhole()
    {
        var data = Cohort();
        var design = Design(data, [.. Numeric, .. Factors]);
        var y = data["event"].Numbers();
        double[] beta = [.. Enumerable.Range(0, design.Columns).Select(j => j == 0 ? -6 : 0.01 / (1 + j))];
        var whole = LogisticSums.Of(design, y, beta);
        LogisticSums? sum = null;
        for (var site = 0; site < 7; site++)
        {
            int[] rows = [.. Enumerable.Range(0, y.Length).Where(i => i % 7 == site)];
            var part = LogisticSums.Of(design.SelectRows(rows), [.. rows.Select(i => y[i])], beta);
            sum = sum?.Add(part) ?? part;
        }
        Assert.Equal(y.Length, sum!.Rows);
        Reference.Close(whole.Gradient, sum.Gradient, 1e-12, "gradient");
        Reference.Close(whole.Information, sum.Information, 1e-12, "information");
        Reference.Close(whole.LogLikelihood, sum.LogLikelihood, 1e-12, "likelihood");
    }

    private static DesignMatrix Design(Dictionary<string, string[]> data, string[] names)
    {
        var builder = new DesignBuilder(data["event"].Length);
        foreach (var name in names) { if (Numeric.Contains(name)) { builder.Numeric(name, data[name].Numbers()); } else { builder.Factor(name, data[name]); } }
        return builder.Build();
    }

    private static Dictionary<string, string[]> Cohort()
    {
        var generator = TestData.Require("../bench/cohort_gen.py");
        var folder = Directory.CreateTempSubdirectory("bonemet-cohort-").FullName;
        try
        {
            var csv = Path.Combine(folder, "cohort.csv");
            using var python = Process.Start(new ProcessStartInfo("python3", [generator, csv]) { RedirectStandardOutput = true })!;
            python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.Equal(0, python.ExitCode);
            return Reference.Csv(csv);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
