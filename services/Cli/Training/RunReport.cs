using System.Globalization;
using System.Text;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;

namespace BoneMet.Cli.Training;

/// <summary>The published numbers of a training run, on the site that it never saw: the label, the comparators (clinical factors alone, one modality alone), and what the label adds.</summary>
/// <param name="Text">For a person.</param>
/// <param name="Shown">Whether the added value is shown: every confidence interval of the differences excludes 0.</param>
internal sealed record RunReport(string Text, bool Shown)
{
    private static readonly double[] Thresholds = [0.2, 0.3, 0.4, 0.5];

    /// <exception cref="TrainingFailure">The run has no predictions, or they cannot be judged.</exception>
    public static RunReport Of(DirectoryInfo run)
    {
        var table = PredictionsTable.Of(run);
        var outcome = table.Numbers("outcome", PredictionsTable.HeldOut);
        if (outcome.Distinct().Count() < 2) { throw new TrainingFailure($"--run {run}: the held-out site has only one outcome."); }
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"held-out site: n = {outcome.Length}, events = {outcome.Sum():0}");
        var fused = table.Has("imaging_label");
        var label = Describe(text, fused ? "fused label" : "image label", table.Numbers("label", PredictionsTable.HeldOut), outcome);
        var shown = true;
        foreach (var (single, other) in fused ? new[] { ("imaging", "pathology"), ("pathology", "imaging") } : [])
        {
            var alone = Describe(text, $"{single} alone", table.Numbers($"{single}_label", PredictionsTable.HeldOut), outcome);
            shown &= Added(text, other, label, alone);
        }
        if (table.Factors.Count > 0)
        {
            var clinical = Describe(text, "clinical factors", Combined(table, table.Factors), outcome);
            var both = Describe(text, "both", Combined(table, [.. table.Factors, "label"]), outcome);
            shown &= Added(text, fused ? "the fused label" : "the image label", both, clinical);
        }
        else if (!fused) { shown &= label.Interval().Low > 0.5; }
        text.AppendLine(shown ? "the added value is shown: the label may be published" : "the added value is NOT shown: publish only by force, and say so");
        if (table.Has("imaging_log_odds") && table.Has("pathology_log_odds"))
        {
            var (imaging, pathology) = (table.Numbers("imaging_log_odds", PredictionsTable.HeldOut), table.Numbers("pathology_log_odds", PredictionsTable.HeldOut));
            text.AppendLine(CultureInfo.InvariantCulture,
                $"best possible from generated data: AUC {Roc.Auc(imaging, outcome):0.000} (imaging), {Roc.Auc(pathology, outcome):0.000} (pathology), {Roc.Auc([.. imaging.Zip(pathology, (a, b) => a + b)], outcome):0.000} (both); reached {label.Area:0.000}");
        }
        return new(text.ToString().TrimEnd(), shown);
    }

    /// <summary>Logit of a regression on these columns, for the held-out patients. Fitted on the validation set: the training set's labels are those of patients that the encoder has learned.</summary>
    private static double[] Combined(PredictionsTable table, IReadOnlyList<string> columns)
    {
        var design = DesignMatrix.FromColumns([.. columns], [.. columns.Select(column => table.Numbers(column, PredictionsTable.Validation))]);
        var beta = LogisticRegression.Fit(design, table.Numbers("outcome", PredictionsTable.Validation)).Require().Coefficients;
        var values = columns.Select(column => table.Numbers(column, PredictionsTable.HeldOut)).ToArray();
        var logit = new double[values[0].Length];
        for (var i = 0; i < logit.Length; i++)
        {
            logit[i] = beta[0];
            for (var n = 0; n < values.Length; n++) { logit[i] += beta[n + 1] * values[n][i]; }
        }
        return logit;
    }

    private static bool Added(StringBuilder text, string what, Roc with, Roc without)
    {
        var added = Roc.Paired(with, without);
        text.AppendLine(CultureInfo.InvariantCulture, $"added by {what}: ΔAUC = {added.First - added.Second:0.000} (95 % CI {added.Low:0.000} to {added.High:0.000}, DeLong p = {added.P:0.0000})");
        return added.Low > 0;
    }

    private static Roc Describe(StringBuilder text, string name, double[] logit, double[] outcome)
    {
        var roc = Roc.Of(logit, outcome);
        var (low, high) = roc.Interval();
        var recalibration = LogisticRegression.Fit(DesignMatrix.FromColumns(["logit"], [logit]), outcome).Require().Coefficients;
        var probability = Array.ConvertAll(logit, value => 1 / (1 + Math.Exp(-value)));
        var benefit = string.Join(", ", DecisionCurve.Of(probability, outcome, Thresholds).Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Threshold:0.0}: {point.NetBenefit:0.000}")));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{name}: AUC {roc.Area:0.000} (95 % CI {low:0.000} to {high:0.000}), calibration slope {recalibration[1]:0.00}, intercept {recalibration[0]:0.00}, Brier {BrierScore.Of(probability, outcome):0.000}, net benefit {benefit}");
        return roc;
    }
}
