namespace BoneMet.Statistics.Survival;

/// <summary>A fitted Fine–Gray model.</summary>
public sealed record FineGrayFit
{
    /// <summary>Log sub-distribution hazard ratios.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>Inverse of the weighted information, row-major p × p; the censoring weights count as known.</summary>
    public required double[] Covariance { get; init; }

    /// <summary>Square roots of the covariance's diagonal.</summary>
    public required double[] StandardErrors { get; init; }

    /// <summary>Weighted log-likelihood at 0.</summary>
    public required double NullLogLikelihood { get; init; }

    /// <summary>Weighted log-likelihood at the estimate.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>Events of the kind that is modelled.</summary>
    public required int Events { get; init; }

    /// <summary>Events of other kinds.</summary>
    public required int CompetingEvents { get; init; }

    /// <summary>Subjects.</summary>
    public required int Subjects { get; init; }
}
