namespace BoneMet.RiskModels;

/// <summary>The probabilities that are worth a mark between two limits: 1, 2, 5, 10, 20 … 90, 95, 98, 99 % and beyond, closer where the range is small.</summary>
internal static class ProbabilityTicks
{
    private static readonly double[] Usual = [1e-6, 1e-5, 1e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 0.99999, 0.999999];

    public static IReadOnlyList<double> Between(double low, double high)
    {
        var usual = Usual.Where(p => p >= low && p <= high).ToArray();
        if (usual.Length >= 4 || !(high > low)) { return usual; }
        return [.. PrettyTicks.Of(low, high, 8).Where(p => p > 0 && p < 1 && p >= low && p <= high)];
    }
}
