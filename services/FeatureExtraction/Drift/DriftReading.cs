namespace BoneMet.FeatureExtraction.Drift;

/// <param name="Value">The figure.</param>
/// <param name="Reference">What it is measured against: <see cref="Training"/> or <see cref="FirstCases"/>.</param>
internal sealed record DriftReading(double Value, string Reference)
{
    public const string Training = "training";
    public const string FirstCases = "first-cases";
}
