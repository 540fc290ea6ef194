namespace BoneMet.Statistics.LinearAlgebra;

/// <summary>QR factorisation by Householder reflections of an m × n matrix (column-major), m ≥ n: least squares without squaring the condition number.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, algorithm 5.2.1; a column whose remaining norm falls below tolerance × its norm is dependent, as in LINPACK's dqrdc2 that R uses.</remarks>
public sealed class Householder
{
    private readonly double[] _values;
    private readonly double[] _diagonal;
    private readonly int _rows;
    private readonly int _columns;

    private Householder(double[] values, double[] diagonal, int rows, int columns, int[] dependent)
    {
        (_values, _diagonal, _rows, _columns, Dependent) = (values, diagonal, rows, columns, dependent);
    }

    /// <summary>Indices of columns that earlier columns explain; empty for a matrix of full rank.</summary>
    public IReadOnlyList<int> Dependent { get; }

    /// <summary>Factorises in place: <paramref name="matrix"/> is taken over.</summary>
    public static Householder Factorise(double[] matrix, int rows, int columns, double tolerance = 1e-9)
    {
        var diagonal = new double[columns];
        var dependent = new List<int>();
        var norms = new double[columns];
        for (var j = 0; j < columns; j++) { norms[j] = Norm(matrix.AsSpan(j * rows, rows)); }
        for (var j = 0; j < columns; j++)
        {
            var reflector = matrix.AsSpan((j * rows) + j, rows - j);
            var norm = Norm(reflector);
            if (!(norm > tolerance * norms[j]))
            {
                dependent.Add(j);
                continue;
            }
            if (reflector[0] > 0) { norm = -norm; }
            diagonal[j] = norm;
            reflector[0] -= norm;
            var scale = -norm * reflector[0];
            for (var k = j + 1; k < columns; k++)
            {
                var column = matrix.AsSpan((k * rows) + j, rows - j);
                var dot = 0.0;
                for (var i = 0; i < column.Length; i++) { dot += reflector[i] * column[i]; }
                dot /= scale;
                for (var i = 0; i < column.Length; i++) { column[i] -= dot * reflector[i]; }
            }
        }
        return new Householder(matrix, diagonal, rows, columns, [.. dependent]);
    }

    /// <summary>Least-squares solution of A x ≈ b. Needs full rank; <paramref name="right"/> is overwritten.</summary>
    public double[] Solve(Span<double> right)
    {
        for (var j = 0; j < _columns; j++)
        {
            var reflector = _values.AsSpan((j * _rows) + j, _rows - j);
            var tail = right[j..];
            var dot = 0.0;
            for (var i = 0; i < tail.Length; i++) { dot += reflector[i] * tail[i]; }
            dot /= -_diagonal[j] * reflector[0];
            for (var i = 0; i < tail.Length; i++) { tail[i] -= dot * reflector[i]; }
        }
        var solution = new double[_columns];
        for (var i = _columns - 1; i >= 0; i--)
        {
            var sum = right[i];
            for (var k = i + 1; k < _columns; k++) { sum -= _values[(k * _rows) + i] * solution[k]; }
            solution[i] = sum / _diagonal[i];
        }
        return solution;
    }

    /// <summary>(AᵀA)⁻¹ = R⁻¹R⁻ᵀ, row-major. Needs full rank.</summary>
    public double[] CrossProductInverse()
    {
        var inverse = new double[_columns * _columns];
        for (var j = 0; j < _columns; j++)
        {
            for (var i = j; i >= 0; i--)
            {
                var sum = i == j ? 1.0 : 0.0;
                for (var k = i + 1; k <= j; k++) { sum -= _values[(k * _rows) + i] * inverse[(k * _columns) + j]; }
                inverse[(i * _columns) + j] = sum / _diagonal[i];
            }
        }
        var product = new double[_columns * _columns];
        for (var i = 0; i < _columns; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = 0.0;
                for (var k = i; k < _columns; k++) { sum += inverse[(i * _columns) + k] * inverse[(j * _columns) + k]; }
                product[(i * _columns) + j] = product[(j * _columns) + i] = sum;
            }
        }
        return product;
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) { sum += value * value; }
        return Math.Sqrt(sum);
    }
}
