namespace BoneMet.RiskModels;

/// <summary>Covariance of the coefficients, by design column ("Intercept", "age", "age'", "sex=male", "age * sex=male").</summary>
public sealed record ModelCovariance
{
    public required IReadOnlyList<string> Names { get; init; }
    public required IReadOnlyList<IReadOnlyList<double>> Rows { get; init; }
}
