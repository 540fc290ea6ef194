namespace BoneMet.Statistics.Regression;

/// <summary>Outcome of a stepwise search.</summary>
/// <param name="Fit">The model it ended with.</param>
/// <param name="Trace">Each step: what was done and the AIC after it.</param>
public sealed record StepwiseResult(LogisticFit Fit, IReadOnlyList<(string Step, double Aic)> Trace)
{
    /// <summary>The label that goes with such a model for ever.</summary>
    public static string Warning => "Chosen by stepwise AIC, for comparison with the literature only: coefficients are biased away from zero, intervals and p-values are too optimistic (Harrell, Regression Modeling Strategies, section 4.3).";
}
