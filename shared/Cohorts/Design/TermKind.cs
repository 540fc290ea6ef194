namespace BoneMet.Cohorts.Design;

/// <summary>How a factor enters the design.</summary>
internal enum TermKind
{
    Linear,
    Categorical,
    Spline,
    Interaction,
}
