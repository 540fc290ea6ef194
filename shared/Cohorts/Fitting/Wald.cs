namespace BoneMet.Cohorts.Fitting;

/// <summary>Constants of 95 % Wald intervals.</summary>
internal static class Wald
{
    /// <summary>97.5 % quantile of the normal distribution.</summary>
    public const double Z95 = 1.959963984540054;
}
