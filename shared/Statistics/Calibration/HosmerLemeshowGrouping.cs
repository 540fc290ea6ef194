namespace BoneMet.Statistics.Calibration;

/// <summary>How the groups of the Hosmer–Lemeshow test are made.</summary>
public enum HosmerLemeshowGrouping
{
    /// <summary>Cut at the quantiles of the probabilities (type 7, intervals closed on the right, equal quantiles merged), as R code with <c>cut(p, quantile(p, 0:10/10))</c> does.</summary>
    Quantiles,

    /// <summary>Groups of equal size by rank, ties broken by row order: the ranks 1…n cut at their quantiles, as <c>cut(rank(p, ties = "first"), 10)</c> does.</summary>
    Ranks,
}
