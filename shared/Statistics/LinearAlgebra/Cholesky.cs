namespace BoneMet.Statistics.LinearAlgebra;

/// <summary>Cholesky factor A = L Lᵀ of a symmetric positive definite matrix (row-major, n × n), with the loss of rank told per column.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, algorithm 4.2.1. Columns keep their order, so the column named as dependent is the later one, as in R.</remarks>
public sealed class Cholesky
{
    private readonly double[] _factor;

    private Cholesky(double[] factor, int size, int[] dependent, double smallestPivotRatio)
    {
        (_factor, Size, Dependent, SmallestPivotRatio) = (factor, size, dependent, smallestPivotRatio);
    }

    /// <summary>Order n of the matrix.</summary>
    public int Size { get; }

    /// <summary>Indices of columns whose remaining pivot fell below the tolerance; empty for a matrix of full rank.</summary>
    public IReadOnlyList<int> Dependent { get; }

    /// <summary>Smallest ratio of a remaining pivot to its diagonal element: about the inverse square of the worst collinearity.</summary>
    public double SmallestPivotRatio { get; }

    /// <summary>Factorises; <paramref name="matrix"/> (row-major, lower triangle read) stays untouched.</summary>
    /// <param name="matrix">n × n symmetric matrix.</param>
    /// <param name="size">n.</param>
    /// <param name="tolerance">A pivot below tolerance × its diagonal element counts as zero.</param>
    public static Cholesky Factorise(ReadOnlySpan<double> matrix, int size, double tolerance = 1e-12)
    {
        var l = new double[size * size];
        var dependent = new List<int>();
        var smallest = 1.0;
        for (var j = 0; j < size; j++)
        {
            var rowJ = l.AsSpan(j * size, size);
            var diagonal = matrix[(j * size) + j];
            var pivot = diagonal;
            for (var k = 0; k < j; k++) { pivot -= rowJ[k] * rowJ[k]; }
            var ratio = diagonal > 0 ? pivot / diagonal : 0;
            smallest = Math.Min(smallest, ratio);
            if (!(ratio > tolerance))
            {
                dependent.Add(j);
                continue;
            }
            var root = Math.Sqrt(pivot);
            rowJ[j] = root;
            for (var i = j + 1; i < size; i++)
            {
                var rowI = l.AsSpan(i * size, j);
                var sum = matrix[(i * size) + j];
                for (var k = 0; k < j; k++) { sum -= rowI[k] * rowJ[k]; }
                l[(i * size) + j] = sum / root;
            }
        }
        return new Cholesky(l, size, [.. dependent], smallest);
    }

    /// <summary>x with A x = b. Needs full rank.</summary>
    public void Solve(ReadOnlySpan<double> right, Span<double> solution)
    {
        for (var i = 0; i < Size; i++)
        {
            var sum = right[i];
            for (var k = 0; k < i; k++) { sum -= _factor[(i * Size) + k] * solution[k]; }
            solution[i] = sum / _factor[(i * Size) + i];
        }
        for (var i = Size - 1; i >= 0; i--)
        {
            var sum = solution[i];
            for (var k = i + 1; k < Size; k++) { sum -= _factor[(k * Size) + i] * solution[k]; }
            solution[i] = sum / _factor[(i * Size) + i];
        }
    }

    /// <summary>A⁻¹, row-major. Needs full rank.</summary>
    public double[] Inverse()
    {
        var inverse = new double[Size * Size];
        Span<double> unit = new double[Size];
        Span<double> column = new double[Size];
        for (var j = 0; j < Size; j++)
        {
            unit.Clear();
            unit[j] = 1;
            Solve(unit, column);
            for (var i = 0; i < Size; i++) { inverse[(i * Size) + j] = column[i]; }
        }
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                inverse[(i * Size) + j] = inverse[(j * Size) + i] = 0.5 * (inverse[(i * Size) + j] + inverse[(j * Size) + i]);
            }
        }
        return inverse;
    }

    /// <summary>ln det A = 2 Σ ln Lᵢᵢ. Needs full rank.</summary>
    public double LogDeterminant()
    {
        var sum = 0.0;
        for (var i = 0; i < Size; i++) { sum += Math.Log(_factor[(i * Size) + i]); }
        return 2 * sum;
    }
}
