using BoneMet.Cohorts.Studies;
using BoneMet.Statistics;
using BoneMet.Statistics.Regression;

namespace BoneMet.Cohorts.Fitting;

/// <summary>Logistic regression of a study's columns, with refusals in the words of the study.</summary>
internal static class LogisticModel
{
    /// <summary>R's <c>glm</c> with its default stop; its standard errors then differ from the converged ones in the fifth digit.</summary>
    public const double GlmEpsilon = 1e-8;

    /// <summary>Fits; the intercept is column 0.</summary>
    /// <exception cref="StudyException">Collinear columns or separation.</exception>
    public static LogisticFit Fit(IReadOnlyList<double[]> columns, IReadOnlyList<string> names, double[] y, bool firth = false, double? stopAsGlm = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var design = DesignMatrix.FromColumns(names, columns);
            return LogisticRegression.Fit(design, y, new LogisticOptions { Firth = firth, StopAsGlm = stopAsGlm, Threads = 0 }) switch
            {
                LogisticOutcome.Fitted fitted => fitted.Fit,
                LogisticOutcome.Separated separated => throw new StudyException($"{separated.Message.TrimEnd('.')} (--firth), merge its levels or leave it out."),
                LogisticOutcome.Refused refused => throw new StudyException(refused.Message),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (StatisticsException exception) { throw new StudyException(exception.Message); }
    }

    /// <summary>The same model as R's <c>glm</c> leaves it with its default stop, or null where its iterations do not end.</summary>
    public static LogisticFit? TryStopAsGlm(IReadOnlyList<double[]> columns, IReadOnlyList<string> names, double[] y, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return LogisticRegression.Fit(DesignMatrix.FromColumns(names, columns), y, new LogisticOptions { StopAsGlm = GlmEpsilon, Threads = 0 }) is LogisticOutcome.Fitted { Fit: var fit } ? fit : null;
    }
}
