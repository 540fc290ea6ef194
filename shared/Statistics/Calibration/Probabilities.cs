namespace BoneMet.Statistics.Calibration;

/// <summary>The check that every measure of probabilities makes first.</summary>
internal static class Probabilities
{
    public static void Check(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> outcome)
    {
        if (probabilities.Length != outcome.Length) { throw new StatisticsException("shape", $"{probabilities.Length} probabilities were given for {outcome.Length} outcomes."); }
        if (probabilities.Length == 0) { throw new StatisticsException("no-rows", "There are no rows: nothing can be measured."); }
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) { throw new StatisticsException("not-a-probability", $"The probability of row {i + 1} is {probabilities[i]}."); }
            if (outcome[i] is not (0.0 or 1.0)) { throw new StatisticsException("not-binary", $"The outcome of row {i + 1} is {outcome[i]}; it must be 0 or 1."); }
        }
    }
}
