namespace BoneMet.RiskModels;

/// <summary>How a model turns factors into its answer.</summary>
public enum ModelFamily
{
    /// <summary>logit p = intercept + Σ βx. Without an intercept it answers with an odds ratio only.</summary>
    Logistic,

    /// <summary>S(t) = S₀(t) ^ exp(Σ βx − centre) at named horizons.</summary>
    Cox,

    /// <summary>Whole points added up, and a published risk for each band of points.</summary>
    Score,

    /// <summary>A decision rule: true, false, or not decidable with the factors at hand.</summary>
    Rule,

    /// <summary>Published rates for a population or its strata; no regression.</summary>
    Rate,
}
