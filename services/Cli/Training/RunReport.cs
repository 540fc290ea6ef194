using System.Globalization;
using System.Text;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;

namespace BoneMet.Cli.Training;

/// <summary>The published numbers of a training run, on the site that it never saw: image label, clinical factors alone, and both together.</summary>
internal static class RunReport
{
    private static readonly string[] Factors = ["age", "log_marker"];
    private static readonly double[] Thresholds = [0.2, 0.3, 0.4, 0.5];

    /// <exception cref="TrainingFailure">The run has no predictions, or they cannot be judged.</exception>
    public static string Of(DirectoryInfo run)
    {
        var path = Path.Combine(run.FullName, "predictions.csv");
        if (!File.Exists(path)) { throw new TrainingFailure($"--run {run}: there is no predictions.csv; the run is not finished."); }
        var lines = File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => line.Split(',')).ToList();
        var header = lines[0];
        var rows = lines[1..];
        double[] Column(string name, string set) =>
            [.. rows.Where(row => row[Array.IndexOf(header, "set")] == set).Select(row => double.Parse(row[Array.IndexOf(header, name)], CultureInfo.InvariantCulture))];

        var outcome = Column("outcome", "held-out");
        var label = Column("label", "held-out");
        if (outcome.Distinct().Count() < 2) { throw new TrainingFailure($"--run {run}: the held-out site has only one outcome."); }
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"held-out site: n = {outcome.Length}, events = {outcome.Sum():0}");
        var image = Describe(text, "image label", label, outcome);
        if (Factors.All(factor => header.Contains(factor)))
        {
            // Fitted on the validation set: the training set's labels are those of patients that the encoder has learned.
            double[] Logit(params string[] names)
            {
                var design = DesignMatrix.FromColumns(names, [.. names.Select(name => Column(name, "validation"))]);
                var beta = LogisticRegression.Fit(design, Column("outcome", "validation")).Require().Coefficients;
                var logit = new double[outcome.Length];
                for (var i = 0; i < logit.Length; i++) { logit[i] = beta[0]; }
                for (var n = 0; n < names.Length; n++)
                {
                    var values = Column(names[n], "held-out");
                    for (var i = 0; i < logit.Length; i++) { logit[i] += beta[n + 1] * values[i]; }
                }
                return logit;
            }

            var clinical = Describe(text, "clinical factors", Logit(Factors), outcome);
            var both = Describe(text, "both", Logit([.. Factors, "label"]), outcome);
            var added = DeLongTest(both, clinical);
            text.AppendLine(CultureInfo.InvariantCulture, $"added by the image label: ΔAUC = {added.First - added.Second:0.000} (95 % CI {added.Low:0.000} to {added.High:0.000}, DeLong p = {added.P:0.0000})");
            text.AppendLine(added.Low > 0 ? "the added value is shown: the label may be published" : "the added value is NOT shown: publish only by force, and say so");
        }
        var truth = header.FirstOrDefault(name => name is "imaging_log_odds" or "pathology_log_odds");
        if (truth is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"best possible from generated data: AUC {Roc.Auc(Column("imaging_log_odds", "held-out"), outcome):0.000} (imaging), {Roc.Auc(Column("pathology_log_odds", "held-out"), outcome):0.000} (pathology); reached {image.Area:0.000}");
        }
        return text.ToString().TrimEnd();
    }

    private static DeLongTest DeLongTest(Roc first, Roc second) => Roc.Paired(first, second);

    private static Roc Describe(StringBuilder text, string name, double[] logit, double[] outcome)
    {
        var roc = Roc.Of(logit, outcome);
        var (low, high) = roc.Interval();
        var recalibration = LogisticRegression.Fit(DesignMatrix.FromColumns(["logit"], [logit]), outcome).Require().Coefficients;
        var probability = Array.ConvertAll(logit, value => 1 / (1 + Math.Exp(-value)));
        var benefit = string.Join(", ", Thresholds.Select(threshold => string.Create(CultureInfo.InvariantCulture, $"{threshold:0.0}: {NetBenefit(probability, outcome, threshold):0.000}")));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{name}: AUC {roc.Area:0.000} (95 % CI {low:0.000} to {high:0.000}), calibration slope {recalibration[1]:0.00}, intercept {recalibration[0]:0.00}, Brier {BrierScore.Of(probability, outcome):0.000}, net benefit {benefit}");
        return roc;
    }

    /// <summary>True positives per patient minus false positives weighed by the odds of the threshold (Vickers and Elkin 2006).</summary>
    private static double NetBenefit(double[] probability, double[] outcome, double threshold)
    {
        var (hits, alarms) = (0, 0);
        for (var i = 0; i < probability.Length; i++)
        {
            if (probability[i] < threshold) { continue; }
            if (outcome[i] == 1) { hits++; } else { alarms++; }
        }
        return (hits - (alarms * threshold / (1 - threshold))) / probability.Length;
    }
}
