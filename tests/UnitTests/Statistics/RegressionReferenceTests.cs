using System.Text.Json;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Validation;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

/// <summary>Equality with R on 400 simulated patients; tests/reference/regression.R made the data and the results.</summary>
public class RegressionReferenceTests
{
    private readonly JsonElement _r = Reference.Load("regression.json");
    private readonly double[] _age, _marker, _y;
    private readonly string[] _sex, _grade;
    private readonly DesignMatrix _design;

    public RegressionReferenceTests()
    {
        var data = _r.GetProperty("data");
        (_age, _marker, _y, _sex, _grade) = (data.Doubles("age"), data.Doubles("marker"), data.Doubles("y"), data.Strings("sex"), data.Strings("grade"));
        _design = new DesignBuilder(_y.Length).Numeric("age", _age).Numeric("marker", _marker).Factor("sex", _sex).Factor("grade", _grade).Build();
    }

    [Fact]
    public void Fit_Plain_EqualsGlm() => Check("plain", LogisticRegression.Fit(_design, _y).Require());

    [Fact]
    public void Fit_Interaction_EqualsGlm() =>
        Check("interaction", LogisticRegression.Fit(new DesignBuilder(_y.Length).Numeric("age", _age).Factor("sex", _sex).Factor("grade", _grade).Interaction("sex", "grade").Build(), _y).Require());

    [Fact]
    public void Fit_Spline_EqualsRms() =>
        Check("spline", LogisticRegression.Fit(new DesignBuilder(_y.Length).Spline("age", _age, 4).Factor("sex", _sex).Build(), _y).Require());

    [Fact]
    public void Knots_OrdinaryTiedAndSmall_EqualHmisc()
    {
        var expected = _r.GetProperty("knots").EnumerateArray().ToArray();
        for (var k = 3; k <= 7; k++) { Reference.Close([.. expected[k - 3].EnumerateArray().Select(e => e.GetDouble())], RestrictedCubicSpline.Knots(_age, k), 1e-12, $"knots {k}"); }
        Reference.Close(_r.Doubles("knots_tied"), RestrictedCubicSpline.Knots([.. _marker.Select(m => Math.Round(m, MidpointRounding.ToEven))], 4), 1e-12, "tied");
        Reference.Close(_r.Doubles("knots_small"), RestrictedCubicSpline.Knots(_age.AsSpan(0, 60), 5), 1e-12, "small");
    }

    [Fact]
    public void Fit_WeightsAndOffset_EqualsGlm()
    {
        var data = _r.GetProperty("data");
        var design = new DesignBuilder(_y.Length).Numeric("age", _age).Factor("sex", _sex).Build();
        Check("weights_offset", LogisticRegression.Fit(design, _y, new LogisticOptions { Weights = data.Doubles("w"), Offset = data.Doubles("off") }).Require());
    }

    [Fact]
    public void Fit_Ridge_EqualsPenalisedLikelihood()
    {
        var ridge = _r.GetProperty("ridge");
        var fit = LogisticRegression.Fit(_design, _y, new LogisticOptions { Ridge = ridge.Doubles("penalty") }).Require();
        Reference.Close(ridge.Doubles("coef"), fit.Coefficients, 1e-8, "ridge");
        Reference.Close(ridge.Doubles("lrm"), fit.Coefficients, 1e-4, "lrm.fit, which stops early");
    }

    [Fact]
    public void Fit_Firth_EqualsModifiedScore()
    {
        var expected = _r.GetProperty("firth");
        var fit = LogisticRegression.Fit(_design, _y, new LogisticOptions { Firth = true }).Require();
        Reference.Close(expected.Doubles("coef"), fit.Coefficients, 1e-7, "firth");
        Reference.Close(expected.Doubles("se"), fit.StandardErrors, 1e-7, "firth se");
        Reference.Close(expected.Double("penalised"), fit.PenalisedLogLikelihood!.Value, 1e-9, "firth likelihood");
    }

    [Fact]
    public void Fit_FirthUnderSeparation_IsFiniteAndEqualsModifiedScore()
    {
        var expected = _r.GetProperty("firth_separated");
        var design = DesignMatrix.FromColumns(["x", "z"], [expected.Doubles("x"), expected.Doubles("z")]);
        Assert.IsType<LogisticOutcome.Separated>(LogisticRegression.Fit(design, expected.Doubles("y")));
        var fit = LogisticRegression.Fit(design, expected.Doubles("y"), new LogisticOptions { Firth = true }).Require();
        Reference.Close(expected.Doubles("coef"), fit.Coefficients, 1e-6, "firth");
        Reference.Close(expected.Doubles("se"), fit.StandardErrors, 1e-6, "firth se");
    }

    [Fact]
    public void Inference_RobustVifLrtWaldProfile_EqualR()
    {
        var fit = LogisticRegression.Fit(_design, _y).Require();
        var p = fit.Coefficients.Length;
        double[] Diagonal(double[] v) => [.. Enumerable.Range(0, p).Select(j => v[(j * p) + j])];
        int[] sites = [.. _r.GetProperty("data").Doubles("site").Select(s => (int)s)];
        Reference.Close(_r.Doubles("vif"), [.. fit.VarianceInflation().Select(v => v.Vif)], 1e-6, "vif");
        Reference.Close(_r.Doubles("robust"), Diagonal(fit.RobustCovariance()), 1e-8, "robust");
        Reference.Close(_r.Doubles("cluster"), Diagonal(fit.RobustCovariance(sites)), 1e-8, "cluster");
        if (_r.TryGetProperty("cluster_sandwich", out _)) { Reference.Close(_r.Doubles("cluster_sandwich"), Diagonal(fit.RobustCovariance(sites)), 1e-6, "sandwich"); }
        var lrt = fit.LikelihoodRatioTests();
        Reference.Close(_r.GetProperty("lrt").Doubles("chisq"), [.. lrt.Select(t => t.ChiSquare)], 1e-7, "lrt");
        Reference.Close(_r.GetProperty("lrt").Doubles("p"), [.. lrt.Select(t => t.P)], 1e-6, "lrt p");
        Reference.Close(_r.Doubles("wald"), [.. fit.WaldTests().Select(t => t.ChiSquare)], 1e-8, "wald");
        var profile = _r.GetProperty("profile").EnumerateArray().Select(e => e.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
        for (var j = 0; j < p; j++)
        {
            var (low, high) = fit.ProfileInterval(j);
            Reference.Close(profile[j], [low, high], 1e-6, $"profile {j}");
        }
    }

    [Fact]
    public void Stepwise_Both_EndsWhereRsStepEnds()
    {
        var data = _r.GetProperty("data");
        var design = new DesignBuilder(_y.Length).Numeric("age", _age).Numeric("marker", _marker).Factor("sex", _sex).Factor("grade", _grade).Numeric("off", data.Doubles("off")).Numeric("w", data.Doubles("w")).Build();
        var found = Stepwise.Search(design, _y);
        Assert.Equal(_r.GetProperty("step").Strings("terms"), found.Fit.Design.TermNames);
        Reference.Close(_r.GetProperty("step").Double("aic"), found.Fit.Aic, 1e-8, "aic");
    }

    [Fact]
    public void Calibration_MiscalibratedModel_EqualsValProb()
    {
        var mis = _r.GetProperty("mis");
        var lp = mis.Doubles("lp");
        var probabilities = new Recalibration(0, 1, "none").Probabilities(lp);
        var summary = CalibrationSummary.Of(probabilities, _y);
        var val = mis.GetProperty("val_prob");
        Reference.Close(val.Double("Intercept"), summary.Intercept, 1e-5, "intercept");
        Reference.Close(val.Double("Slope"), summary.Slope, 1e-5, "slope");
        Reference.Close(val.Double("Brier"), summary.Brier, 1e-10, "brier");
        Reference.Close(val.Double("Emax"), summary.EMax, 1e-7, "emax");
        Reference.Close(val.Double("E90"), summary.E90, 1e-7, "e90");
        Reference.Close(val.Double("Eavg"), summary.Ici, 1e-7, "ici");
        Reference.Close(mis.Double("e50"), summary.E50, 1e-7, "e50");
        Reference.Close(val.Double("S:z"), summary.SpiegelhalterZ, 1e-8, "z");
        Reference.Close(val.Double("S:p"), summary.SpiegelhalterP, 1e-8, "p");
        Reference.Close(mis.Double("large"), summary.InTheLarge, 1e-8, "large");
        var smooth = Lowess.Of(probabilities, _y);
        Reference.Close(mis.Doubles("lowess"), [.. Enumerable.Range(0, smooth.X.Count).Where(i => i % 13 == 0).Select(i => smooth.Fitted[i])], 1e-9, "lowess");
        var indexes = ModelIndexes.Test(lp, _y)!;
        Reference.Close(val.Double("U"), indexes.U, 1e-8, "U");
        Reference.Close(val.Double("Dxy"), indexes.Dxy, 1e-3, "val.prob bins its Dxy");
    }

    [Fact]
    public void Bootstrap_OneGivenReplicate_EqualsRms()
    {
        var expected = _r.GetProperty("replicate");
        var fit = LogisticRegression.Fit(_design, _y).Require();
        var data = GroupedDesign.Create(_design, _y);
        var worker = new BootstrapWorker(data, data.ToInternal(fit.Coefficients), _y);
        var (training, test) = worker.Validate(expected.Doubles("counts"))!.Value;
        Reference.Close(expected.Doubles("training"), training, 1e-7, "training");
        Reference.Close(expected.Doubles("test"), test, 1e-7, "test");
        var (calTraining, calTest) = worker.Calibrate(expected.Doubles("counts"), expected.Doubles("points"))!.Value;
        Reference.Close(expected.Doubles("cal_training"), calTraining, 1e-6, "calibrate training");
        Reference.Close(expected.Doubles("cal_test"), calTest, 1e-6, "calibrate test");
    }

    [Fact]
    public void Validate_ThousandReplicates_AgreesWithRmsWithinMonteCarloError()
    {
        var expected = _r.GetProperty("validate");
        var fit = LogisticRegression.Fit(_design, _y).Require();
        var result = Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 1000, Seed = 3 });
        // R's two runs tell how far runs of the same size lie apart; ours must not lie further from them than three such errors.
        var other = Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 1000, Seed = 4 });
        for (var k = 0; k < result.Rows.Count; k++)
        {
            var row = result.Rows[k];
            Assert.Equal(expected.Strings("index")[k], row.Index);
            Reference.Close(expected.Doubles("original")[k], row.Original, 1e-5, row.Index);
            var (a, b) = (expected.Doubles("corrected")[k], expected.Doubles("second")[k]);
            var spread = Math.Max(Math.Max(Math.Abs(a - b), Math.Abs(row.Corrected - other.Rows[k].Corrected)), 0.02 * Math.Abs(row.Optimism)) + 1e-5;
            Assert.True(Math.Abs(((row.Corrected + other.Rows[k].Corrected) / 2) - ((a + b) / 2)) < 3 * spread, $"{row.Index}: R {a}, {b}; here {row.Corrected}, {other.Rows[k].Corrected}");
        }
    }

    [Fact]
    public void Calibrate_ThousandReplicates_AgreesWithRms()
    {
        var expected = _r.GetProperty("calibrate");
        var fit = LogisticRegression.Fit(_design, _y).Require();
        var curve = Bootstrap.Calibrate(fit, new ResamplingOptions { Replicates = 1000 }).Curve;
        Reference.Close(expected.Doubles("predy"), [.. curve.Select(point => point.Predicted)], 1e-5, "predy");
        Reference.Close(expected.Doubles("original"), [.. curve.Select(point => point.Apparent)], 1e-5, "original");
        var corrected = expected.Doubles("corrected");
        for (var k = 0; k < corrected.Length; k++) { Assert.InRange(curve[k].Corrected - corrected[k], -0.004, 0.004); }
    }

    [Fact]
    public void Bootstrap_OneOrTwoThreads_SameNumbersToTheLastBit()
    {
        var fit = LogisticRegression.Fit(_design, _y).Require();
        var one = Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 40, Threads = 1 });
        var many = Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 40, Threads = 5 });
        Assert.Equal(one.Rows, many.Rows);
        Assert.Equal(Bootstrap.Calibrate(fit, new ResamplingOptions { Replicates = 10, Threads = 1 }).Curve, Bootstrap.Calibrate(fit, new ResamplingOptions { Replicates = 10, Threads = 3 }).Curve);
        Assert.NotEqual(one.Rows, Bootstrap.Validate(fit, new ResamplingOptions { Replicates = 40, Seed = 2 }).Rows);
    }

    [Fact]
    public void ElasticNet_Paths_EqualGlmnet()
    {
        var lasso = _r.GetProperty("lasso");
        var path = ElasticNet.Path(_design, _y);
        Reference.Close(lasso.Doubles("lambda"), [.. path.Select(step => step.Lambda)], 1e-7, "lambda");
        Reference.Close(lasso.Doubles("dev"), [.. path.Select(step => step.DevianceRatio)], 1e-6, "dev");
        Compare(lasso, path);
        var net = _r.GetProperty("net");
        Compare(net, ElasticNet.Path(_design, _y, new ElasticNetOptions { Alpha = 0.4, Lambdas = net.Doubles("lambda") }));

        static void Compare(JsonElement expected, IReadOnlyList<ElasticNetStep> path)
        {
            var beta = expected.GetProperty("beta").EnumerateArray().Select(e => e.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
            for (var k = 0; k < path.Count; k++)
            {
                Reference.Close(expected.Doubles("a0")[k], path[k].Coefficients[0], 1e-4, $"a0 {k}");
                for (var j = 0; j < beta[k].Length; j++) { Assert.True(Math.Abs(beta[k][j] - path[k].Coefficients[j + 1]) <= (1e-4 * Math.Abs(beta[k][j])) + 1e-9, $"step {k} column {j}: {beta[k][j]:R} {path[k].Coefficients[j + 1]:R}"); }
            }
        }
    }

    [Fact]
    public void ElasticNet_CrossValidation_IsReproducibleAndOrdersItsChoices()
    {
        var a = ElasticNet.CrossValidate(_design, _y, 5, 11);
        var b = ElasticNet.CrossValidate(_design, _y, 5, 11);
        Assert.Equal(a.Mean, b.Mean);
        Assert.True(a.OneStandardError <= a.Best);
        Assert.True(a.Mean[a.Best] < a.Mean[0]);
    }

    [Fact]
    public void PartialArea_EqualsProc()
    {
        var expected = _r.GetProperty("roc");
        var roc = Roc.Of(_r.GetProperty("mis").Doubles("lp"), _y);
        Reference.Close(expected.Double("partial_spec"), roc.PartialArea(0.8, 1), 1e-9, "spec");
        Reference.Close(expected.Double("partial_spec_correct"), Roc.Standardised(roc.PartialArea(0.8, 1), 0.8, 1), 1e-9, "correct");
        Reference.Close(expected.Double("partial_sens"), roc.PartialAreaOfSensitivity(0.85, 1), 1e-9, "sens");
    }

    private void Check(string name, LogisticFit fit)
    {
        var expected = _r.GetProperty(name);
        Assert.Equal(expected.Strings("terms"), fit.Design.Names);
        Reference.Close(expected.Doubles("coef"), fit.Coefficients, 1e-7, $"{name} coef");
        Reference.Close(expected.Doubles("se"), fit.StandardErrors, 1e-7, $"{name} se");
        Reference.Close(expected.Double("loglik"), fit.LogLikelihood, 1e-9, $"{name} loglik");
        Reference.Close(expected.Double("null_deviance"), fit.NullDeviance, 1e-9, $"{name} null");
        Reference.Close(expected.Double("deviance"), fit.Deviance, 1e-9, $"{name} deviance");
    }
}
