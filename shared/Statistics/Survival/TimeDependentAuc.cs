namespace BoneMet.Statistics.Survival;

/// <summary>Cumulative/dynamic AUC at a time: cases have died by then, controls are alive after it; censoring is weighted out.</summary>
/// <remarks>
/// Uno et al. 2007, Hung and Chiang 2010: cases weigh 1/G(T−), controls 1/G(t), with G the Kaplan–Meier curve of censoring; equal markers count one half.
/// </remarks>
public static class TimeDependentAuc
{
    /// <summary>AUC at <paramref name="horizon"/>; NaN when there is no case or no control.</summary>
    public static double At(ReadOnlySpan<double> time, ReadOnlySpan<int> status, ReadOnlySpan<double> marker, double horizon)
    {
        var n = time.Length;
        var censored = new int[n];
        for (var i = 0; i < n; i++) { censored[i] = status[i] == 0 ? 1 : 0; }
        var curve = KaplanMeier.Fit(time, censored);
        var controls = new List<double>();
        var cases = new List<(double Marker, double Weight)>();
        for (var i = 0; i < n; i++)
        {
            if (time[i] > horizon) { controls.Add(marker[i]); }
            else if (status[i] != 0) { cases.Add((marker[i], 1 / Before(curve, time[i]))); }
        }
        if (cases.Count == 0 || controls.Count == 0) { return double.NaN; }
        var sorted = controls.Order().ToArray();
        double sum = 0, weights = 0;
        foreach (var (value, weight) in cases)
        {
            weights += weight;
            sum += weight * (LowerBound(sorted, value) + UpperBound(sorted, value)) / 2.0;
        }
        return sum / (weights * sorted.Length);
    }

    private static double Before(SurvivalCurve curve, double time)
    {
        var index = Array.BinarySearch(curve.Time, time);
        index = index >= 0 ? index - 1 : ~index - 1;
        return index < 0 ? 1 : curve.Probability[index];
    }

    private static int LowerBound(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value) { low = middle + 1; } else { high = middle; }
        }
        return low;
    }

    private static int UpperBound(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] <= value) { low = middle + 1; } else { high = middle; }
        }
        return low;
    }
}
