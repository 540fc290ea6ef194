using BoneMet.Statistics.Tests;

namespace BoneMet.Statistics.Discrimination;

/// <summary>What a threshold does to cases and controls; every rate carries its numerator and denominator.</summary>
/// <param name="Threshold">Positive from here on.</param>
/// <param name="Sensitivity">TP / cases.</param>
/// <param name="Specificity">TN / controls.</param>
/// <param name="PositivePredictiveValue">TP / called positive.</param>
/// <param name="NegativePredictiveValue">TN / called negative.</param>
/// <param name="Accuracy">(TP + TN) / all.</param>
public sealed record ThresholdMeasures(double Threshold, Proportion Sensitivity, Proportion Specificity, Proportion PositivePredictiveValue, Proportion NegativePredictiveValue, Proportion Accuracy)
{
    /// <summary>Measures at one point of a ROC curve with the intervals asked for.</summary>
    public static ThresholdMeasures Of(RocPoint point, ProportionMethod method = ProportionMethod.Wilson, double level = 0.95)
    {
        int tp = point.TruePositives, fp = point.FalsePositives, fn = point.Cases - tp, tn = point.Controls - fp;
        return new ThresholdMeasures(point.Threshold, Proportion.Of(tp, tp + fn, method, level), Proportion.Of(tn, tn + fp, method, level),
            Proportion.Of(tp, tp + fp, method, level), Proportion.Of(tn, tn + fn, method, level), Proportion.Of(tp + tn, tp + fp + fn + tn, method, level));
    }
}
