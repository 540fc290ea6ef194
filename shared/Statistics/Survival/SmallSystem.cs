namespace BoneMet.Statistics.Survival;

/// <summary>Cholesky algebra of the small symmetric systems of survival models (row-major, p × p, p rarely above 50).</summary>
internal static class SmallSystem
{
    /// <summary>Relative size of a pivot below which a column is a combination of earlier ones (R's <c>toler.chol</c> is 1.8e-12).</summary>
    private const double Singular = 1e-11;

    /// <summary>Factors <paramref name="a"/> in place into L; the first column that depends on earlier ones, or −1.</summary>
    public static int Factor(Span<double> a, int p)
    {
        for (var j = 0; j < p; j++)
        {
            var start = a[(j * p) + j];
            var pivot = start;
            for (var k = 0; k < j; k++) { pivot -= a[(j * p) + k] * a[(j * p) + k]; }
            if (!(pivot > Singular * Math.Max(start, double.Epsilon))) { return j; }
            var root = Math.Sqrt(pivot);
            a[(j * p) + j] = root;
            for (var i = j + 1; i < p; i++)
            {
                var sum = a[(i * p) + j];
                for (var k = 0; k < j; k++) { sum -= a[(i * p) + k] * a[(j * p) + k]; }
                a[(i * p) + j] = sum / root;
            }
        }
        return -1;
    }

    /// <summary>Solves L Lᵀ x = b in place.</summary>
    public static void Solve(ReadOnlySpan<double> l, int p, Span<double> b)
    {
        for (var i = 0; i < p; i++)
        {
            var sum = b[i];
            for (var k = 0; k < i; k++) { sum -= l[(i * p) + k] * b[k]; }
            b[i] = sum / l[(i * p) + i];
        }
        for (var i = p - 1; i >= 0; i--)
        {
            var sum = b[i];
            for (var k = i + 1; k < p; k++) { sum -= l[(k * p) + i] * b[k]; }
            b[i] = sum / l[(i * p) + i];
        }
    }

    /// <summary>Inverse from the factor.</summary>
    public static double[] Inverse(ReadOnlySpan<double> l, int p)
    {
        var inverse = new double[p * p];
        var column = new double[p];
        for (var j = 0; j < p; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            Solve(l, p, column);
            for (var i = 0; i < p; i++) { inverse[(i * p) + j] = column[i]; }
        }
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < i; j++) { inverse[(j * p) + i] = inverse[(i * p) + j] = (inverse[(i * p) + j] + inverse[(j * p) + i]) / 2; }
        }
        return inverse;
    }

    /// <summary>bᵀ A⁻¹ b; A is left as it was. NaN when A is singular.</summary>
    public static double QuadraticForm(double[] a, double[] b)
    {
        var p = b.Length;
        var factor = (double[])a.Clone();
        if (Factor(factor, p) >= 0) { return double.NaN; }
        var solved = (double[])b.Clone();
        Solve(factor, p, solved);
        var sum = 0.0;
        for (var i = 0; i < p; i++) { sum += b[i] * solved[i]; }
        return sum;
    }
}
