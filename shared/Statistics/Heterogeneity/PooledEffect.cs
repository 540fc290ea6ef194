namespace BoneMet.Statistics.Heterogeneity;

/// <summary>Strata pooled by inverse variance.</summary>
public sealed record PooledEffect
{
    /// <summary>Strata with an estimate.</summary>
    public required int Strata { get; init; }

    /// <summary>Common-effect estimate.</summary>
    public required double Common { get; init; }

    /// <summary>Standard error of the common effect.</summary>
    public required double CommonError { get; init; }

    /// <summary>Cochran's Q.</summary>
    public required double Q { get; init; }

    /// <summary>Upper tail of Q on strata − 1 degrees of freedom; NaN for one stratum.</summary>
    public required double QP { get; init; }

    /// <summary>Share of the variation that is between strata: max(0, (Q − df)/Q).</summary>
    public required double I2 { get; init; }

    /// <summary>Variance between strata by DerSimonian and Laird.</summary>
    public required double TauSquaredDl { get; init; }

    /// <summary>Variance between strata by restricted maximum likelihood.</summary>
    public required double TauSquaredReml { get; init; }

    /// <summary>Random-effects estimate with the REML variance.</summary>
    public required double Random { get; init; }

    /// <summary>Its standard error.</summary>
    public required double RandomError { get; init; }
}
