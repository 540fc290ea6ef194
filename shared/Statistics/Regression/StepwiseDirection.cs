namespace BoneMet.Statistics.Regression;

/// <summary>Which changes a stepwise search may make.</summary>
public enum StepwiseDirection
{
    /// <summary>Only leave terms out, from the full model.</summary>
    Backward,

    /// <summary>Only take terms in, from the empty model.</summary>
    Forward,

    /// <summary>Both, from the full model (R's <c>step</c>).</summary>
    Both,
}
