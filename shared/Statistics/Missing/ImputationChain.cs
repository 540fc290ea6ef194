using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;

namespace BoneMet.Statistics.Missing;

/// <summary>One chain: its own copy of the values, filled in round after round.</summary>
internal sealed class ImputationChain
{
    private const double Ridge = 1e-5;                // relative to the diagonal, as mice
    private readonly ImputationOptions _options;
    private readonly RandomStream _random;
    private readonly string[] _names;
    private readonly double[]?[] _numbers;
    private readonly int[]?[] _codes;
    private readonly string[]?[] _levels;
    private readonly int[][] _missing;
    private readonly int[][] _observed;
    private readonly int _rows;

    public ImputationChain(Column[] columns, ImputationOptions options, RandomStream random)
    {
        _options = options;
        _random = random;
        _rows = columns[0].Count;
        _names = [.. columns.Select(c => c.Name)];
        _numbers = new double[columns.Length][];
        _codes = new int[columns.Length][];
        _levels = new string[columns.Length][];
        _missing = new int[columns.Length][];
        _observed = new int[columns.Length][];
        for (var j = 0; j < columns.Length; j++)
        {
            var column = columns[j];
            _missing[j] = [.. Enumerable.Range(0, _rows).Where(column.IsMissing)];
            _observed[j] = [.. Enumerable.Range(0, _rows).Where(row => !column.IsMissing(row))];
            if (column is NumericColumn number) { _numbers[j] = (double[])number.Values.Clone(); }
            else if (column is CategoricalColumn factor)
            {
                factor = factor.DropUnusedLevels();
                _codes[j] = (int[])factor.Codes.Clone();
                _levels[j] = factor.Levels;
            }
            foreach (var row in _missing[j])
            {
                var donor = _observed[j][random.Below(_observed[j].Length)];
                if (_numbers[j] is { } values) { values[row] = values[donor]; } else { _codes[j]![row] = _codes[j]![donor]; }
            }
        }
    }

    public Table Run(Table table, CancellationToken cancellation)
    {
        for (var round = 0; round < _options.Iterations; round++)
        {
            for (var j = 0; j < _names.Length; j++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_missing[j].Length == 0) { continue; }
                if (_numbers[j] is not null) { Match(j); } else { Classify(j); }
            }
        }
        foreach (var (name, j) in _names.Select((name, j) => (name, j)))
        {
            if (_missing[j].Length == 0) { continue; }
            table = table.With(_numbers[j] is { } values ? new NumericColumn(name, values) { Unit = ((NumericColumn)table[name]).Unit } : new CategoricalColumn(name, _codes[j]!, _levels[j]!));
        }
        return table;
    }

    /// <summary>Predictors of column <paramref name="target"/>: standardised numbers and dummies of every other column; constants are left out.</summary>
    private List<double[]> Predictors(int target)
    {
        var design = new List<double[]>();
        for (var j = 0; j < _names.Length; j++)
        {
            if (j == target) { continue; }
            if (_numbers[j] is { } values) { design.Add((double[])values.Clone()); continue; }
            for (var level = 1; level < _levels[j]!.Length; level++)
            {
                var dummy = new double[_rows];
                for (var row = 0; row < _rows; row++) { dummy[row] = _codes[j]![row] == level ? 1 : 0; }
                design.Add(dummy);
            }
        }
        var kept = new List<double[]>();
        foreach (var column in design)
        {
            double mean = 0, square = 0;
            foreach (var row in _observed[target]) { mean += column[row]; }
            mean /= _observed[target].Length;
            foreach (var row in _observed[target]) { square += (column[row] - mean) * (column[row] - mean); }
            var deviation = Math.Sqrt(square / _observed[target].Length);
            if (!(deviation > 1e-12 * Math.Max(1, Math.Abs(mean)))) { continue; }
            for (var row = 0; row < _rows; row++) { column[row] = (column[row] - mean) / deviation; }
            kept.Add(column);
        }
        var one = new double[_rows];
        Array.Fill(one, 1);
        kept.Insert(0, one);
        return kept;
    }

    /// <summary>Predictive mean matching.</summary>
    private void Match(int j)
    {
        var x = Predictors(j);
        var y = _numbers[j]!;
        var p = x.Count;
        var rows = _observed[j];
        if (rows.Length <= p) { throw new ImputationException($"Column {_names[j]} has {rows.Length} values, too few for a model with {p} terms that fills in the others."); }
        var gram = new double[p * p];
        var right = new double[p];
        for (var a = 0; a < p; a++)
        {
            double[] xa = x[a];
            foreach (var row in rows) { right[a] += xa[row] * y[row]; }
            for (var b = 0; b <= a; b++)
            {
                var xb = x[b];
                var sum = 0.0;
                foreach (var row in rows) { sum += xa[row] * xb[row]; }
                gram[(a * p) + b] = gram[(b * p) + a] = sum;
            }
        }
        for (var a = 0; a < p; a++) { gram[(a * p) + a] *= 1 + Ridge; }
        if (SmallSystem.Factor(gram, p) >= 0) { throw new ImputationException($"The columns that should predict {_names[j]} repeat each other."); }
        var beta = (double[])right.Clone();
        SmallSystem.Solve(gram, p, beta);
        var fitted = new double[rows.Length];
        var residual = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            fitted[i] = Dot(x, beta, rows[i]);
            residual += (y[rows[i]] - fitted[i]) * (y[rows[i]] - fitted[i]);
        }
        var sigma = Math.Sqrt(residual / _random.ChiSquare(rows.Length - p));
        var drawn = Perturb(gram, p, beta, sigma);

        var donors = (int[])rows.Clone();
        Array.Sort(fitted, donors);
        var count = Math.Min(_options.Donors, donors.Length);
        foreach (var row in _missing[j])
        {
            var wanted = Dot(x, drawn, row);
            var high = Array.BinarySearch(fitted, wanted);
            if (high < 0) { high = ~high; }
            var low = high - 1;
            for (var k = 0; k < count; k++)                                  // widen around the wanted value to the nearest donors
            {
                if (low < 0 || (high < fitted.Length && fitted[high] - wanted < wanted - fitted[low])) { high++; } else { low--; }
            }
            y[row] = y[donors[low + 1 + _random.Below(count)]];
        }
    }

    /// <summary>Bayesian logistic or polytomous regression, with mice's safeguard against separation (a little weight on every level everywhere).</summary>
    private void Classify(int j)
    {
        var x = Predictors(j);
        int p = x.Count, k = _levels[j]!.Length;
        if (k < 2) { return; }
        var codes = _codes[j]!;
        var (beta, factor) = PolytomousModel.Fit(x, codes, k, _observed[j], _names[j]);
        var drawn = Perturb(factor, p * (k - 1), beta, 1);
        var probability = new double[k];
        foreach (var row in _missing[j])
        {
            PolytomousModel.Probabilities(x, drawn, k, row, probability);
            codes[row] = _random.Pick(probability);
        }
    }

    /// <summary>β + σ L⁻ᵀ z: a draw around β with covariance σ² (L Lᵀ)⁻¹.</summary>
    private double[] Perturb(double[] factor, int p, double[] beta, double sigma)
    {
        var z = new double[p];
        for (var i = 0; i < p; i++) { z[i] = sigma * _random.Normal(); }
        for (var i = p - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < p; k++) { z[i] -= factor[(k * p) + i] * z[k]; }
            z[i] /= factor[(i * p) + i];
        }
        for (var i = 0; i < p; i++) { z[i] += beta[i]; }
        return z;
    }

    private static double Dot(List<double[]> x, double[] beta, int row)
    {
        var sum = 0.0;
        for (var a = 0; a < beta.Length; a++) { sum += beta[a] * x[a][row]; }
        return sum;
    }
}
