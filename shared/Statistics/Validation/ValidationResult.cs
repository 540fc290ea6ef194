namespace BoneMet.Statistics.Validation;

/// <summary>Apparent and optimism-corrected performance.</summary>
/// <param name="Rows">One row per index, in the order of <c>rms::validate</c>.</param>
/// <param name="Failed">Resamples whose model could not be fitted (left out, as R does).</param>
public sealed record ValidationResult(IReadOnlyList<ValidationRow> Rows, int Failed)
{
    /// <summary>The row of one index.</summary>
    public ValidationRow this[string index] => Rows.First(row => row.Index == index);

    /// <summary>Apparent c index.</summary>
    public double ApparentC => (this["Dxy"].Original + 1) / 2;

    /// <summary>Optimism-corrected c index.</summary>
    public double CorrectedC => (this["Dxy"].Corrected + 1) / 2;

    internal static ValidationResult Of(ValidationIndexes original, IReadOnlyList<(double[] Training, double[] Test)?> resamples)
    {
        var names = ValidationIndexes.Names;
        var rows = new List<ValidationRow>();
        var done = resamples.Where(pair => pair is not null).Select(pair => pair!.Value).ToArray();
        if (done.Length == 0) { throw new StatisticsException("not-converged", "No resample could be fitted: the model is too large for the data."); }
        for (var k = 0; k < names.Count; k++)
        {
            double training = 0, test = 0;
            foreach (var pair in done) { training += pair.Training[k]; test += pair.Test[k]; }
            training /= done.Length;
            test /= done.Length;
            rows.Add(new ValidationRow(names[k], original.Values[k], training, test, training - test, original.Values[k] - (training - test), done.Length));
        }
        // Largest error of the recalibrated probability, as validate.lrm takes it from the corrected intercept and slope.
        double intercept = rows[2].Corrected, slope = rows[3].Corrected, largest = 0;
        for (var i = 1; i < 2000; i++)
        {
            var p = i * 5e-4;
            largest = Math.Max(largest, Math.Abs(p - LinearAlgebra.Kernels.Logistic(intercept + (slope * Math.Log(p / (1 - p))))));
        }
        rows.Insert(4, new ValidationRow("Emax", 0, 0, largest, largest, largest, done.Length));
        return new ValidationResult(rows, resamples.Count - done.Length);
    }
}
