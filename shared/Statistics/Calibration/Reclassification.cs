using BoneMet.Statistics.Distributions;

namespace BoneMet.Statistics.Calibration;

/// <summary>Net reclassification and integrated discrimination improvement of a new model over an old one.</summary>
/// <param name="Nri">(up − down among cases)/cases + (down − up among controls)/controls.</param>
/// <param name="NriStandardError">√(moved cases/cases² + moved controls/controls²) as Pencina 2008 gives it.</param>
/// <param name="NriP">Two-sided p-value.</param>
/// <param name="NriCases">Part of the cases.</param>
/// <param name="NriControls">Part of the controls.</param>
/// <param name="Idi">Gain of the difference of mean probabilities between cases and controls.</param>
/// <param name="IdiStandardError">√(var(d|case)/cases + var(d|control)/controls).</param>
/// <param name="IdiP">Two-sided p-value.</param>
/// <remarks>Pencina et al. 2008, Statistics in Medicine 27:157 and 2011, 30:11 (continuous NRI: without categories every change counts).</remarks>
public sealed record Reclassification(double Nri, double NriStandardError, double NriP, double NriCases, double NriControls, double Idi, double IdiStandardError, double IdiP)
{
    /// <summary>The warning that must stand beside these numbers wherever they are shown.</summary>
    public static string Warning =>
        "NRI and IDI can favour a worse model: they reward miscalibration and their tests reject too often (Hilden and Gerds 2014; Pepe 2015). Judge by likelihood-ratio test, calibration and net benefit.";

    /// <summary>Compares two models on the same rows.</summary>
    /// <param name="oldProbabilities">Of the old model.</param>
    /// <param name="newProbabilities">Of the new model.</param>
    /// <param name="outcome">0 or 1 per row.</param>
    /// <param name="cutpoints">Ascending limits of risk categories (a value at a limit belongs above), or null for the continuous NRI.</param>
    /// <exception cref="StatisticsException">Bad input or fewer than two cases or controls.</exception>
    public static Reclassification Of(double[] oldProbabilities, double[] newProbabilities, double[] outcome, IReadOnlyList<double>? cutpoints = null)
    {
        Probabilities.Check(oldProbabilities, outcome);
        Probabilities.Check(newProbabilities, outcome);
        int[] up = [0, 0], down = [0, 0], count = [0, 0];
        double[] sum = [0, 0], squares = [0, 0];
        for (var i = 0; i < outcome.Length; i++)
        {
            var y = (int)outcome[i];
            var change = newProbabilities[i] - oldProbabilities[i];
            var move = cutpoints is null ? Math.Sign(change) : Category(newProbabilities[i], cutpoints) - Category(oldProbabilities[i], cutpoints);
            count[y]++;
            if (move > 0) { up[y]++; } else if (move < 0) { down[y]++; }
            sum[y] += change;
            squares[y] += change * change;
        }
        if (count[0] < 2 || count[1] < 2) { throw new StatisticsException("one-class", "Reclassification needs at least two cases and two controls."); }
        double Variance(int y) => (squares[y] - (sum[y] * sum[y] / count[y])) / (count[y] - 1);
        double cases = (double)(up[1] - down[1]) / count[1], controls = (double)(down[0] - up[0]) / count[0];
        var nriError = Math.Sqrt(((double)(up[1] + down[1]) / count[1] / count[1]) + ((double)(up[0] + down[0]) / count[0] / count[0]));
        var idi = (sum[1] / count[1]) - (sum[0] / count[0]);
        var idiError = Math.Sqrt((Variance(1) / count[1]) + (Variance(0) / count[0]));
        return new Reclassification(cases + controls, nriError, Tail(cases + controls, nriError), cases, controls, idi, idiError, Tail(idi, idiError));
    }

    private static double Tail(double value, double error) => value == 0 ? 1 : Normal.TwoSided(value / error);

    private static int Category(double p, IReadOnlyList<double> cutpoints)
    {
        var category = 0;
        while (category < cutpoints.Count && p >= cutpoints[category]) { category++; }
        return category;
    }
}
