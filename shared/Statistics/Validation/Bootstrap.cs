using BoneMet.Statistics.Regression;

namespace BoneMet.Statistics.Validation;

/// <summary>Harrell's bootstrap correction for optimism.</summary>
/// <remarks>Efron and Gong 1983; Harrell, Regression Modeling Strategies, section 5.3; the indexes and the curve are those of <c>rms::validate</c> and <c>rms::calibrate</c> 6.5.
/// A sample with replacement is a vector of counts, so nothing is copied: the refit weighs the original rows and starts from the full model.</remarks>
public static class Bootstrap
{
    /// <summary>Optimism-corrected indexes of a maximum-likelihood fit without weights.</summary>
    /// <exception cref="StatisticsException">The fit is weighted, penalised or has an offset, or no resample can be fitted.</exception>
    public static ValidationResult Validate(LogisticFit fit, ResamplingOptions? options = null)
    {
        options ??= new ResamplingOptions();
        var (data, start) = Prepare(fit);
        var results = Run(options, () => new BootstrapWorker(data, start, fit.Outcome), (worker, stream) => worker.Validate(stream));
        return ValidationResult.Of(new BootstrapWorker(data, start, fit.Outcome).Apparent(), results);
    }

    /// <summary>Optimism-corrected calibration curve of a maximum-likelihood fit without weights.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="options">Replicates, seed, threads.</param>
    /// <param name="points">Probabilities at which to judge; null means fifty between the fifth smallest and fifth largest prediction.</param>
    /// <exception cref="StatisticsException">As <see cref="Validate"/>; fewer than 11 rows.</exception>
    public static CalibrationResult Calibrate(LogisticFit fit, ResamplingOptions? options = null, double[]? points = null)
    {
        options ??= new ResamplingOptions();
        var (data, start) = Prepare(fit);
        var n = fit.Design.Rows;
        if (n < 11) { throw new StatisticsException("too-few-rows", $"A calibration curve needs more than 10 rows; there are {n}."); }
        var sorted = (double[])fit.Probabilities.Clone();
        Array.Sort(sorted);
        points ??= [.. Enumerable.Range(0, 50).Select(i => sorted[4] + ((sorted[n - 5] - sorted[4]) * i / 49))];
        var smooth = Calibration.Lowess.Of(fit.Probabilities, fit.Outcome);
        var at = points;
        var results = Run(options, () => new BootstrapWorker(data, start, fit.Outcome), (worker, stream) => worker.Calibrate(stream, at));
        var curve = new List<CalibrationPoint>();
        for (var k = 0; k < points.Length; k++)
        {
            double optimism = 0;
            var used = 0;
            foreach (var pair in results)
            {
                if (pair is not { } both) { continue; }
                var difference = both.Training[k] - both.Test[k];
                if (double.IsNaN(difference)) { continue; }
                optimism += difference;
                used++;
            }
            var apparent = smooth.At(points[k]);
            curve.Add(new CalibrationPoint(points[k], apparent, apparent - (optimism / used)));
        }
        return new CalibrationResult(curve, results.Count(pair => pair is null));
    }

    private static (GroupedDesign Data, double[] Start) Prepare(LogisticFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!fit.IsPlain) { throw new StatisticsException("not-plain", "The bootstrap here validates maximum-likelihood fits without weights, offset or penalty."); }
        var data = GroupedDesign.Create(fit.Design, fit.Outcome);
        return (data, data.ToInternal(fit.Coefficients));
    }

    private static (double[] Training, double[] Test)?[] Run(ResamplingOptions options, Func<BootstrapWorker> create, Func<BootstrapWorker, ReplicateStream, (double[] Training, double[] Test)?> replicate)
    {
        if (options.Replicates < 1) { throw new StatisticsException("replicates", "A bootstrap needs at least one replicate."); }
        var results = new (double[] Training, double[] Test)?[options.Replicates];
        var threads = Math.Min(options.Threads > 0 ? options.Threads : Environment.ProcessorCount, options.Replicates);
        int next = -1, done = 0;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = options.Cancellation }, _ =>
        {
            var worker = create();
            for (var b = Interlocked.Increment(ref next); b < results.Length; b = Interlocked.Increment(ref next))
            {
                options.Cancellation.ThrowIfCancellationRequested();
                results[b] = replicate(worker, new ReplicateStream(options.Seed, (ulong)b));
                options.Progress?.Report((double)Interlocked.Increment(ref done) / results.Length);
            }
        });
        return results;
    }
}
