namespace BoneMet.Statistics.Tests;

/// <summary>Sum of the probabilities of all r × c tables with given margins that are no likelier than the one seen.</summary>
internal sealed class FisherNetwork
{
    private const int MostNodes = 2_000_000;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly double[] _logFactorial;
    private readonly double _limit;
    private readonly Dictionary<string, (double Least, double Most)>[] _bounds;
    private int _nodes;

    public FisherNetwork(int[,] table, int[] rows, int[] columns)
    {
        // Few rows and many columns make few nodes.
        var turned = rows.Length > columns.Length;
        _rows = [.. (turned ? columns : rows).Order()];
        _columns = [.. (turned ? rows : columns).OrderDescending()];
        var total = rows.Sum();
        _logFactorial = new double[total + 1];
        for (var i = 2; i <= total; i++) { _logFactorial[i] = _logFactorial[i - 1] + Math.Log(i); }
        var observed = 0.0;
        foreach (var count in table) { observed -= _logFactorial[count]; }
        _limit = observed + 1e-7;
        _bounds = [.. Enumerable.Range(0, _columns.Length + 1).Select(_ => new Dictionary<string, (double, double)>())];
    }

    /// <summary>The p-value.</summary>
    public double P()
    {
        // Values are ln Π 1/x!; a table's probability is Π r! Π c! / N! times that.
        var constant = _rows.Sum(r => _logFactorial[r]) + _columns.Sum(c => _logFactorial[c]) - _logFactorial[^1];
        var stage = new Dictionary<string, (int[] Rows, Dictionary<long, (double Log, double Weight)> Past)> { [Key(_rows)] = (_rows, new() { [0] = (0, 1) }) };
        var sum = 0.0;
        for (var c = 0; c < _columns.Length && stage.Count > 0; c++)
        {
            var next = new Dictionary<string, (int[] Rows, Dictionary<long, (double Log, double Weight)> Past)>();
            foreach (var (rows, past) in stage.Values)
            {
                foreach (var (cell, left) in Fillings(rows, _columns[c]))
                {
                    var key = Key(left);
                    var (least, most) = Bounds(c + 1, left, key);
                    foreach (var (log, weight) in past.Values)
                    {
                        var here = log + cell;
                        if (here + least > _limit) { continue; }
                        if (here + most <= _limit)
                        {
                            sum += weight * Math.Exp(here + Completions(c + 1, left) + constant);
                            continue;
                        }
                        if (!next.TryGetValue(key, out var node)) { next[key] = node = (left, []); }
                        var bucket = (long)Math.Round(here * 1e9);
                        node.Past[bucket] = node.Past.TryGetValue(bucket, out var before) ? (before.Log, before.Weight + weight) : (here, weight);
                        if (node.Past.Count + next.Count > MostNodes) { throw TooLarge(); }
                    }
                }
            }
            stage = next;
        }
        return Math.Min(1, sum);
    }

    /// <summary>ln of Σ Π 1/x! over all completions: N_left! / (Π r_left! Π c_left!).</summary>
    private double Completions(int column, int[] left)
    {
        var value = _logFactorial[left.Sum()];
        foreach (var r in left) { value -= _logFactorial[r]; }
        for (var c = column; c < _columns.Length; c++) { value -= _logFactorial[_columns[c]]; }
        return value;
    }

    private (double Least, double Most) Bounds(int column, int[] left, string key)
    {
        if (column == _columns.Length) { return (0, 0); }
        if (_bounds[column].TryGetValue(key, out var known)) { return known; }
        if (++_nodes > MostNodes) { throw TooLarge(); }
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (var (cell, rest) in Fillings(left, _columns[column]))
        {
            var (low, high) = Bounds(column + 1, rest, Key(rest));
            least = Math.Min(least, cell + low);
            most = Math.Max(most, cell + high);
        }
        return _bounds[column][key] = (least, most);
    }

    /// <summary>All ways to fill one column: ln Π 1/x! and what is left of the rows, in ascending order.</summary>
    private IEnumerable<(double Log, int[] Left)> Fillings(int[] rows, int column)
    {
        var take = new int[rows.Length];
        var room = new int[rows.Length + 1];
        for (var i = rows.Length - 1; i >= 0; i--) { room[i] = room[i + 1] + rows[i]; }
        return Fill(0, column);

        IEnumerable<(double, int[])> Fill(int row, int rest)
        {
            if (row == rows.Length - 1)
            {
                if (rest > rows[row]) { yield break; }
                take[row] = rest;
                var log = 0.0;
                var left = new int[rows.Length];
                for (var i = 0; i < rows.Length; i++)
                {
                    log -= _logFactorial[take[i]];
                    left[i] = rows[i] - take[i];
                }
                Array.Sort(left);
                yield return (log, left);
                yield break;
            }
            for (var x = Math.Max(0, rest - room[row + 1]); x <= Math.Min(rest, rows[row]); x++)
            {
                take[row] = x;
                foreach (var filling in Fill(row + 1, rest - x)) { yield return filling; }
            }
        }
    }

    private static string Key(int[] rows) => string.Join(',', rows);

    private static StatisticsException TooLarge() => new("table-too-large", "The table has too many possible arrangements for an exact test; use the chi-squared test.");
}
