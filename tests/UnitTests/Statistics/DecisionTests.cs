using BoneMet.Statistics;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Tests;
using BoneMet.Statistics.Validation;
using Xunit;

namespace BoneMet.UnitTests.Statistics;

public class DecisionTests
{
    private static readonly double[] P = [.1, .2, .3, .4, .6, .7, .8, .9];
    private static readonly double[] Y = [0, 0, 1, 0, 1, 0, 1, 1];

    [Fact]
    public void DecisionCurve_SmallTable_IsArithmetic()
    {
        // At 0.5: 3 true and 1 false positive of 8; odds 1.
        var point = Assert.Single(DecisionCurve.Of(P, Y, [0.5]));
        Assert.Equal(0.25, point.NetBenefit, 12);
        Assert.Equal(0, point.TreatAll, 12);
        // At 0.25: 4 true, 2 false, odds 1/3.
        Assert.Equal((4 - (2.0 / 3)) / 8, DecisionCurve.Of(P, Y, [0.25])[0].NetBenefit, 12);
        // Mean of v = {1 ×3, −1 ×1, 0 ×4} is 1/4, of v² 1/2: SE = √((1/2 − 1/16)/8).
        Assert.Equal(0.25 + (1.959963984540054 * Math.Sqrt((0.5 - 0.0625) / 8)), point.High, 9);
        Assert.Throws<StatisticsException>(() => DecisionCurve.Of(P, Y, [1.0]));
    }

    [Fact]
    public void DecisionCurve_OtherPrevalence_WeighsRates()
    {
        // Sensitivity 3/4, false-positive rate 1/4, prevalence 0.1, threshold 0.5.
        Assert.Equal((0.1 * 0.75) - (0.9 * 0.25), DecisionCurve.Of(P, Y, [0.5], prevalence: 0.1)[0].NetBenefit, 12);
    }

    [Fact]
    public void Reclassification_SmallTable_IsArithmetic()
    {
        double[] old = [.2, .2, .2, .2, .4, .4, .4, .4];
        var found = Reclassification.Of(old, P, Y, [0.35]);
        // Cases (3, 5, 7, 8): none moves. Controls: row 4 (0.2 → 0.4) moves up.
        Assert.Equal(0, found.NriCases, 12);
        Assert.Equal(-0.25, found.NriControls, 12);
        Assert.Equal(0.25, found.NriStandardError, 12);
        // Mean change among cases: (.1 + .2 + .4 + .5)/4 = .3; among controls: (−.1 + 0 + .2 + .3)/4 = .1.
        Assert.Equal(0.2, found.Idi, 12);
        Assert.Contains("miscalibration", Reclassification.Warning);
    }

    [Fact]
    public void Prevalence_Correction_RestoresTheMeanRisk()
    {
        var correction = Recalibration.OfPrevalence(0.5, 0.1);
        Assert.Equal(Math.Log(1.0 / 9), correction.Intercept, 12);
        Assert.Equal(0.1, correction.Probabilities([0.0])[0], 12);
        Assert.Throws<StatisticsException>(() => Recalibration.OfPrevalence(0, 0.1));
    }

    [Fact]
    public void Recalibration_InterceptAndSlope_UndoesAKnownDistortion()
    {
        double[] lp = [.. P.Select(p => Math.Log(p / (1 - p)))];
        var right = LogisticCalibration.Fit(lp, Y);
        var distorted = Recalibration.OfInterceptAndSlope([.. lp.Select(v => (v - 1) / 2)], Y);
        Assert.Equal(2 * right.Slope, distorted.Slope, 8);
        Assert.Equal(right.Intercept + right.Slope, distorted.Intercept, 8);
        Assert.Equal(Recalibration.OfIntercept(lp, Y).Intercept + 3, Recalibration.OfIntercept([.. lp.Select(v => v - 3)], Y).Intercept, 9);
    }

    [Fact]
    public void Thresholds_EveryRateCarriesItsCounts()
    {
        var measures = ThresholdMeasures.Of(Roc.Of(P, Y).At(0.6), ProportionMethod.ClopperPearson);
        Assert.Equal((3, 4), (measures.Sensitivity.Count, measures.Sensitivity.Total));
        Assert.Equal((3, 4), (measures.Specificity.Count, measures.Specificity.Total));
        Assert.Equal((3, 4), (measures.PositivePredictiveValue.Count, measures.PositivePredictiveValue.Total));
        Assert.Equal((6, 8), (measures.Accuracy.Count, measures.Accuracy.Total));
        Assert.Equal(0.75, Roc.Of(P, Y).AtSensitivity(0.75).Sensitivity);
    }

    [Fact]
    public void Roc_ReversedScores_TurnTheDirection()
    {
        double[] reversed = [.. P.Select(p => -p)];
        var roc = Roc.Of(reversed, Y, RocDirection.ByMedian);
        Assert.Equal(RocDirection.CasesLower, roc.Direction);
        Assert.Equal(Roc.Auc(P, Y), roc.Area, 12);
        Assert.Equal(1 - Roc.Auc(P, Y), Roc.Auc(reversed, Y), 12);
    }

    [Fact]
    public void SitesAndFolds_JudgeUnseenRows()
    {
        var random = new Random(3);
        var n = 900;
        double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() * 4)];
        double[] y = [.. x.Select(v => random.NextDouble() < 1 / (1 + Math.Exp(2 - v)) ? 1.0 : 0)];
        string[] sites = [.. Enumerable.Range(0, n).Select(i => i < 5 ? "tiny" : i % 2 == 0 ? "A" : "B")];
        for (var i = 0; i < 5; i++) { y[i] = 0; }
        var design = DesignMatrix.FromColumns(["x"], [x]);
        var bySite = CrossValidation.LeaveOneSiteOut(design, y, sites);
        Assert.Equal(["A", "B", "tiny"], bySite.Select(s => s.Site));
        Assert.Equal("All 5 outcomes are 0: a ROC curve needs both classes.", bySite[2].Problem);
        Assert.True(double.IsNaN(bySite[2].C));
        Assert.InRange(bySite[0].Slope, 0.6, 1.6);
        var fit = LogisticRegression.Fit(design, y).Require();
        var (result, probabilities) = CrossValidation.KFold(fit, 10, 5);
        Assert.DoesNotContain(probabilities, double.IsNaN);
        Assert.Equal(0, result.Failed);
        Assert.InRange(result.CorrectedC, result.ApparentC - 0.05, result.ApparentC + 0.02);
        Assert.Equal(probabilities, CrossValidation.KFold(fit, 10, 5).Probabilities);
    }
}
