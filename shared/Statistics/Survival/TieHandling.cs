namespace BoneMet.Statistics.Survival;

/// <summary>How the Cox partial likelihood treats events at the same time.</summary>
public enum TieHandling
{
    /// <summary>Efron's approximation: R's default.</summary>
    Efron,

    /// <summary>Breslow's approximation.</summary>
    Breslow,
}
