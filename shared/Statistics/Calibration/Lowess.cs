using System.Numerics;
using System.Runtime.InteropServices;
using BoneMet.Statistics.LinearAlgebra;

namespace BoneMet.Statistics.Calibration;

/// <summary>Cleveland's locally weighted line (tricube weights), without robustness iterations.</summary>
/// <remarks>Cleveland 1979, Journal of the American Statistical Association 74:829; the same steps as R's <c>lowess(iter = 0)</c>.</remarks>
public sealed class Lowess
{
    private readonly double[] _x;
    private readonly double[] _fitted;

    private Lowess(double[] x, double[] fitted) => (_x, _fitted) = (x, fitted);

    /// <summary>Abscissae in ascending order.</summary>
    public IReadOnlyList<double> X => _x;

    /// <summary>Smoothed values at <see cref="X"/>.</summary>
    public IReadOnlyList<double> Fitted => _fitted;

    /// <summary>Smooths y over x.</summary>
    /// <param name="x">Finite abscissae in any order.</param>
    /// <param name="y">Values.</param>
    /// <param name="span">Share of the points in each window.</param>
    /// <param name="delta">Distance within which values are interpolated; null means 1 % of the range, as R.</param>
    /// <exception cref="StatisticsException">No points or unequal lengths.</exception>
    public static Lowess Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double span = 2.0 / 3, double? delta = null)
    {
        if (x.Length != y.Length) { throw new StatisticsException("shape", $"{x.Length} abscissae were given for {y.Length} values."); }
        if (x.Length == 0) { throw new StatisticsException("no-rows", "There are no points to smooth."); }
        var order = RankSort.Order(x);
        var sortedX = new double[x.Length];
        var sortedY = new double[x.Length];
        for (var i = 0; i < order.Length; i++) { (sortedX[i], sortedY[i]) = (x[order[i]], y[order[i]]); }
        var fitted = new double[x.Length];
        Smooth(sortedX, sortedY, fitted, span, delta ?? (0.01 * (sortedX[^1] - sortedX[0])));
        return new Lowess(sortedX, fitted);
    }

    /// <summary>Linear interpolation of the smooth; outside the data NaN (R's <c>approx</c>).</summary>
    public double At(double x) => Interpolate(_x, _fitted, x);

    /// <summary>The smooth of sorted points into <paramref name="fitted"/>.</summary>
    internal static void Smooth(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> fitted, double span, double delta)
    {
        var n = x.Length;
        if (n == 1) { fitted[0] = y[0]; return; }
        var window = Math.Max(2, Math.Min(n, (int)((span * n) + 1e-7)));
        int left = 0, right = window - 1, last = -1, i = 0;
        while (true)
        {
            if (right < n - 1 && x[i] - x[left] > x[right + 1] - x[i])
            {
                left++;
                right++;
                continue;
            }
            fitted[i] = Local(x, y, left, right, x[i], y[i]);
            if (last < i - 1)
            {
                var width = x[i] - x[last];
                for (var j = last + 1; j < i; j++)
                {
                    var share = (x[j] - x[last]) / width;
                    fitted[j] = (share * fitted[i]) + ((1 - share) * fitted[last]);
                }
            }
            last = i;
            var cut = x[last] + delta;
            for (i = last + 1; i < n; i++)
            {
                if (x[i] > cut) { break; }
                if (x[i] == x[last])
                {
                    fitted[i] = fitted[last];
                    last = i;
                }
            }
            i = Math.Max(last + 1, i - 1);
            if (last >= n - 1) { break; }
        }
    }

    /// <summary>Interpolates ascending points; of equal abscissae the first counts.</summary>
    internal static double Interpolate(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double at)
    {
        if (!(at >= x[0] && at <= x[^1])) { return double.NaN; }
        int low = 0, high = x.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (x[middle] < at) { low = middle + 1; } else { high = middle; }
        }
        if (x[low] == at) { return y[low]; }
        var before = low - 1;
        while (before > 0 && x[before - 1] == x[before]) { before--; }
        return y[before] + ((y[low] - y[before]) * ((at - x[before]) / (x[low] - x[before])));
    }

    private static double Local(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int left, int right, double centre, double fallback)
    {
        var range = x[^1] - x[0];
        var h = Math.Max(centre - x[left], x[right] - centre);
        double far = .999 * h, near = .001 * h;
        int low = left, high = x.Length;
        while (low < x.Length && Math.Abs(x[low] - centre) > far && x[low] <= centre) { low++; }
        // First place to the right whose distance is beyond the window.
        int a = Math.Max(low, right), b = x.Length;
        if (a < x.Length && x[a] - centre > far) { (a, b) = (low, a); }
        while (a < b)
        {
            var middle = (a + b) / 2;
            if (x[middle] - centre > far) { b = middle; } else { a = middle + 1; }
        }
        high = a;

        double s0 = 0, s1 = 0, s2 = 0, t0 = 0, t1 = 0;
        var inverse = h > 0 ? 1 / h : 0;
        var i = low;
        {
            ref var x0 = ref MemoryMarshal.GetReference(x);
            ref var y0 = ref MemoryMarshal.GetReference(y);
            var one = Vector<double>.One;
            var (vc, vi, vn) = (new Vector<double>(centre), new Vector<double>(inverse), new Vector<double>(near));
            Vector<double> v0 = Vector<double>.Zero, v1 = v0, v2 = v0, u0 = v0, u1 = v0;
            for (; i <= high - Vector<double>.Count; i += Vector<double>.Count)
            {
                var u = Vector.LoadUnsafe(ref x0, (nuint)i) - vc;
                var value = Vector.LoadUnsafe(ref y0, (nuint)i);
                var distance = Vector.Abs(u);
                var t = distance * vi;
                var c = one - (t * t * t);
                var w = Vector.ConditionalSelect(Vector.LessThanOrEqual(distance, vn), one, c * c * c);
                var wu = w * u;
                v0 += w;
                v1 += wu;
                v2 += wu * u;
                u0 += w * value;
                u1 += wu * value;
            }
            (s0, s1, s2, t0, t1) = (Vector.Sum(v0), Vector.Sum(v1), Vector.Sum(v2), Vector.Sum(u0), Vector.Sum(u1));
        }
        for (; i < high; i++)
        {
            var u = x[i] - centre;
            var distance = Math.Abs(u);
            var t = distance * inverse;
            var c = 1 - (t * t * t);
            var w = distance <= near ? 1 : c * c * c;
            s0 += w;
            s1 += w * u;
            s2 += w * u * u;
            t0 += w * y[i];
            t1 += w * u * y[i];
        }
        if (!(s0 > 0)) { return fallback; }
        if (h > 0)
        {
            var mean = s1 / s0;
            var spread = (s2 / s0) - (mean * mean);
            if (Math.Sqrt(Math.Max(0, spread)) > .001 * range) { return (t0 - (mean / spread * (t1 - (mean * t0)))) / s0; }
        }
        return t0 / s0;
    }
}
