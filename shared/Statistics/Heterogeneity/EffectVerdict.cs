namespace BoneMet.Statistics.Heterogeneity;

/// <summary>What the strata say about a factor.</summary>
public enum EffectVerdict
{
    /// <summary>No evidence that the effect differs.</summary>
    Homogeneous,

    /// <summary>The effect differs between strata.</summary>
    Heterogeneous,

    /// <summary>Fewer than two strata have an estimate, or the pooled one says nothing.</summary>
    NotEstimable,
}
