using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;

namespace BoneMet.Statistics.Validation;

/// <summary>Validation on rows that the model has not seen.</summary>
public static class CrossValidation
{
    /// <summary>k-fold cross-validation with the indexes of <c>rms::validate(method = "crossvalidation")</c>; also the out-of-fold probability of every row.</summary>
    /// <exception cref="StatisticsException">Fewer than two folds or two rows per fold, or no fold could be fitted.</exception>
    public static (ValidationResult Result, double[] Probabilities) KFold(LogisticFit fit, int folds = 10, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.IsPlain) { throw new StatisticsException("not-plain", "Cross-validation here takes maximum-likelihood fits without weights, offset or penalty."); }
        var n = fit.Design.Rows;
        if (folds < 2 || folds > n / 2) { throw new StatisticsException("folds", $"{folds} folds cannot be made of {n} rows."); }
        var order = new ReplicateStream(seed, 0).Permutation(n);
        var probabilities = new double[n];
        Array.Fill(probabilities, double.NaN);
        var results = new (double[] Training, double[] Test)?[folds];
        for (var f = 0; f < folds; f++)
        {
            int[] test = [.. Enumerable.Range(0, n).Where(i => i % folds == f).Select(i => order[i])];
            int[] train = [.. Enumerable.Range(0, n).Where(i => i % folds != f).Select(i => order[i])];
            double[] trainY = [.. train.Select(i => fit.Outcome[i])];
            double[] testY = [.. test.Select(i => fit.Outcome[i])];
            if (LogisticRegression.Fit(fit.Design.SelectRows(train), trainY) is not LogisticOutcome.Fitted { Fit: var model }) { continue; }
            var held = fit.Design.SelectRows(test).LinearPredictor(model.Coefficients);
            for (var i = 0; i < test.Length; i++) { probabilities[test[i]] = LinearAlgebra.Kernels.Logistic(held[i]); }
            if (ModelIndexes.Test(held, testY) is { } measured) { results[f] = (ModelIndexes.Training(model.LinearPredictor, trainY).Values, measured.Values); }
        }
        return (ValidationResult.Of(ModelIndexes.Training(fit.LinearPredictor, fit.Outcome), results), probabilities);
    }

    /// <summary>Internal–external validation: each site in turn is judged by the model fitted on the others (Royston, Parmar and Sylvester 2004, Statistics in Medicine 23:907).</summary>
    /// <param name="design">All rows.</param>
    /// <param name="outcome">0 or 1 per row.</param>
    /// <param name="sites">Site of each row.</param>
    /// <exception cref="StatisticsException">Fewer than two sites or unequal lengths.</exception>
    public static IReadOnlyList<SitePerformance> LeaveOneSiteOut(DesignMatrix design, double[] outcome, IReadOnlyList<string> sites)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(sites);
        if (sites.Count != design.Rows) { throw new StatisticsException("shape", $"{sites.Count} sites were given for {design.Rows} rows."); }
        string[] names = [.. sites.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length < 2) { throw new StatisticsException("one-site", "Leave-one-site-out validation needs at least two sites."); }
        return [.. names.Select(name =>
        {
            int[] test = [.. Enumerable.Range(0, design.Rows).Where(i => sites[i] == name)];
            int[] train = [.. Enumerable.Range(0, design.Rows).Where(i => sites[i] != name)];
            double[] y = [.. test.Select(i => outcome[i])];
            var events = (int)y.Sum();
            SitePerformance Unknown(string problem) => new(name, y.Length, events, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, problem);
            try
            {
                var model = LogisticRegression.Fit(design.SelectRows(train), [.. train.Select(i => outcome[i])]).Require();
                return Judge(name, design.SelectRows(test).LinearPredictor(model.Coefficients), y);
            }
            catch (StatisticsException e) { return Unknown(e.Message); }
        })];
    }

    /// <summary>Judges given linear predictors on one external cohort.</summary>
    /// <exception cref="StatisticsException">One class, or predictors that do not vary.</exception>
    public static SitePerformance Judge(string site, double[] linearPredictor, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var roc = Roc.Of(linearPredictor, outcome);
        var (low, high) = roc.Interval();
        var large = LogisticCalibration.InTheLarge(linearPredictor, outcome);
        var slope = LogisticCalibration.Fit(linearPredictor, outcome);
        var probabilities = new double[outcome.Length];
        LinearAlgebra.Kernels.Logistic(linearPredictor, probabilities);
        return new SitePerformance(site, outcome.Length, (int)outcome.Sum(), roc.Area, Math.Sqrt(roc.Variance), low, high, large.Intercept, Math.Sqrt(large.InterceptVariance),
            slope.Slope, Math.Sqrt(slope.SlopeVariance), BrierScore.Of(probabilities, outcome), null);
    }
}
