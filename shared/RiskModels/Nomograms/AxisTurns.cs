namespace BoneMet.RiskModels;

/// <summary>Finds where a curve turns from rising to falling or back.</summary>
internal static class AxisTurns
{
    private const int Steps = 400;

    /// <summary>Turning values between <paramref name="low"/> and <paramref name="high"/>, ascending, refined by golden section.</summary>
    public static List<double> Of(Func<double, double> curve, double low, double high)
    {
        var turns = new List<double>();
        var step = (high - low) / Steps;
        var before = curve(low);
        var here = curve(low + step);
        for (var i = 2; i <= Steps; i++)
        {
            var next = curve(low + (i * step));
            var tolerance = 1e-9 * (1 + Math.Abs(here));
            if ((here - before > tolerance && next - here < -tolerance) || (here - before < -tolerance && next - here > tolerance))
            {
                turns.Add(Refine(curve, low + ((i - 2) * step), low + (i * step), here > before ? 1 : -1));
            }
            (before, here) = (here, next);
        }
        return turns;
    }

    private static double Refine(Func<double, double> curve, double a, double b, int sign)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 60; i++)
        {
            var c = b - (golden * (b - a));
            var d = a + (golden * (b - a));
            if (sign * curve(c) > sign * curve(d)) { b = d; }
            else { a = c; }
        }
        return (a + b) / 2;
    }
}
