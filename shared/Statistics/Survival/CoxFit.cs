namespace BoneMet.Statistics.Survival;

/// <summary>A fitted Cox model.</summary>
public sealed record CoxFit
{
    /// <summary>Log hazard ratios.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>Inverse of the information, row-major p × p.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>Square roots of the covariance's diagonal.</summary>
    public required double[] StandardErrors { get; init; }

    /// <summary>Partial log-likelihood at 0.</summary>
    public required double NullLogLikelihood { get; init; }

    /// <summary>Partial log-likelihood at the estimate.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Rao's score test of all coefficients.</summary>
    public required double ScoreTest { get; init; }

    /// <summary>Wald's test of all coefficients.</summary>
    public required double WaldTest { get; init; }

    /// <summary>Newton steps.</summary>
    public required int Iterations { get; init; }

    /// <summary>Subjects.</summary>
    public required int Subjects { get; init; }

    /// <summary>Events.</summary>
    public required int Events { get; init; }

    /// <summary>Means of the columns, at which <see cref="LinearPredictor"/> is 0; columns of −1, 0 and 1 only count as 0 there, as in R.</summary>
    public required double[] Means { get; init; }

    /// <summary>Linear predictor of each subject, less its value at the means (offset included).</summary>
    public required double[] LinearPredictor { get; init; }

    /// <summary>Harrell's C of the linear predictor.</summary>
    public required ConcordanceResult Concordance { get; init; }

    /// <summary>Treatment of tied events.</summary>
    public required TieHandling Ties { get; init; }

    /// <summary>Likelihood-ratio test of all coefficients.</summary>
    public double LikelihoodRatioTest => 2 * (LogLikelihood - NullLogLikelihood);
}
