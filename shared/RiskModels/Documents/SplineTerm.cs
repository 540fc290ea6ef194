namespace BoneMet.RiskModels;

/// <summary>
/// Restricted cubic spline with k knots and k−1 coefficients: β₀·x + Σ βⱼ·sⱼ(x), where
/// sⱼ(x) = [(x−tⱼ)₊³ − (x−t_{k−1})₊³ (t_k−tⱼ)/(t_k−t_{k−1}) + (x−t_k)₊³ (t_{k−1}−tⱼ)/(t_k−t_{k−1})] / (t_k−t₁)².
/// </summary>
/// <remarks>Harrell, Regression Modeling Strategies, 2.4.5; the scaling is that of Hmisc::rcspline.eval with norm = 2.</remarks>
public sealed record SplineTerm : ModelTerm
{
    public string? Unit { get; init; }
    public required IReadOnlyList<double> Knots { get; init; }
    public required IReadOnlyList<Coefficient> Coefficients { get; init; }
    public required double Low { get; init; }
    public required double High { get; init; }
    public bool RefuseOutside { get; init; }

    /// <summary>Cohort means of x, s₁, s₂ …, at which a missing value stands.</summary>
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>"increasing" or "decreasing" when the publication claims monotony; checked.</summary>
    public string? Monotone { get; init; }
}
