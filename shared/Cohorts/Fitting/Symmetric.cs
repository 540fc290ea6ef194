namespace BoneMet.Cohorts.Fitting;

/// <summary>Cholesky algebra of information matrices (row-major p × p).</summary>
internal static class Symmetric
{
    private const double Singular = 1e-10;

    /// <summary>Factors in place; the first column that depends on earlier ones, or −1.</summary>
    public static int Factor(Span<double> a, int p)
    {
        for (var j = 0; j < p; j++)
        {
            var start = a[(j * p) + j];
            var pivot = start;
            for (var k = 0; k < j; k++) { pivot -= a[(j * p) + k] * a[(j * p) + k]; }
            if (!(pivot > Singular * start) || start <= 0) { return j; }
            var root = a[(j * p) + j] = Math.Sqrt(pivot);
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
        return inverse;
    }
}
