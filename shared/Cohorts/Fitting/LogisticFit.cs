namespace BoneMet.Cohorts.Fitting;

/// <summary>A fitted logistic regression; index 0 is the intercept.</summary>
internal sealed record LogisticFit
{
    public required double[] Coefficients { get; init; }

    public required double[] StandardErrors { get; init; }

    /// <summary>Row-major, (p + 1)².</summary>
    public required double[] Covariance { get; init; }

    public required double LogLikelihood { get; init; }

    public required double NullLogLikelihood { get; init; }

    public required int Iterations { get; init; }

    public required double[] LinearPredictor { get; init; }

    public required double[] Fitted { get; init; }

    public double Deviance => -2 * LogLikelihood;

    public double NullDeviance => -2 * NullLogLikelihood;
}
