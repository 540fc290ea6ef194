namespace BoneMet.Statistics.Regression;

/// <summary>How a logistic regression is fitted; unpenalised maximum likelihood by default.</summary>
public sealed record LogisticOptions
{
    /// <summary>Case weights, one per row, 0 or more; null means 1.</summary>
    public double[]? Weights { get; init; }

    /// <summary>Known part of the linear predictor, one per row; null means 0.</summary>
    public double[]? Offset { get; init; }

    /// <summary>Ridge penalty λ_j ≥ 0 per column (the intercept's must be 0): the fit maximises ln L − ½ Σ λ_j β_j² (<c>rms::lrm.fit</c> with a diagonal penalty matrix).</summary>
    public double[]? Ridge { get; init; }

    /// <summary>Firth's penalised likelihood ln L + ½ ln |I(β)|: finite estimates under separation.</summary>
    /// <remarks>Firth 1993, Biometrika 80:27; Heinze and Schemper 2002, Statistics in Medicine 21:2409.</remarks>
    public bool Firth { get; init; }

    /// <summary>Null fits to full convergence. A value makes the fit stop where R's <c>glm.control(epsilon = …)</c> stops (R's default is 1e-8), from R's start values and with the covariance of
    /// the last weighted least squares, so that published standard errors of unconverged fits reproduce to the last digit.</summary>
    public double? StopAsGlm { get; init; }

    /// <summary>Most Newton steps before the fit is said not to converge.</summary>
    public int MaxIterations { get; init; } = 50;

    /// <summary>Threads for large data; the numbers do not depend on it. 0 means one per processor.</summary>
    public int Threads { get; init; } = 1;
}
