namespace BoneMet.Statistics.Regression;

/// <summary>Builds a <see cref="DesignMatrix"/> term by term with R's treatment contrasts and names.</summary>
/// <remarks>Numeric: its name. Factor: name + level, the reference level left out. Restricted cubic spline: <c>age</c>, <c>age'</c>, <c>age''</c> as <c>rms::rcs</c> names them.
/// Interaction a:b: products of the columns, those of <c>a</c> running fastest, as <c>model.matrix</c> does.</remarks>
public sealed class DesignBuilder
{
    private readonly List<(string Term, string[] Names, double[][]? Columns, int[]? Codes, int[]? ColumnOf)> _terms = [];
    private readonly List<string> _warnings = [];
    private readonly int _rows;
    private readonly bool _intercept;

    /// <summary>Starts a design of so many rows.</summary>
    /// <exception cref="StatisticsException">Zero rows (<c>no-rows</c>).</exception>
    public DesignBuilder(int rows, bool intercept = true)
    {
        if (rows <= 0) { throw new StatisticsException("no-rows", "The data have no rows: nothing can be estimated."); }
        (_rows, _intercept) = (rows, intercept);
    }

    /// <summary>A numeric term of one column.</summary>
    /// <exception cref="StatisticsException">Wrong length or a value that is not finite.</exception>
    public DesignBuilder Numeric(string name, double[] values)
    {
        Check(name, values);
        _terms.Add((name, [name], [values], null, null));
        return this;
    }

    /// <summary>A factor: one 0/1 column per level other than the reference.</summary>
    /// <param name="name">Name of the factor.</param>
    /// <param name="codes">Index into <paramref name="levels"/> for each row.</param>
    /// <param name="levels">Level names in order.</param>
    /// <param name="reference">Index of the reference level (R: the first).</param>
    /// <exception cref="StatisticsException">A missing or unknown code, or fewer than two levels.</exception>
    public DesignBuilder Factor(string name, int[] codes, IReadOnlyList<string> levels, int reference = 0)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(levels);
        if (codes.Length != _rows) { throw new StatisticsException("shape", $"Factor '{name}' has {codes.Length} values for {_rows} rows."); }
        if (levels.Count < 2) { throw new StatisticsException("constant-column", $"Factor '{name}' has a single level, so nothing can be compared."); }
        if (reference < 0 || reference >= levels.Count) { throw new StatisticsException("unknown-level", $"Factor '{name}' has no reference level number {reference}."); }
        var counts = new int[levels.Count];
        for (var i = 0; i < codes.Length; i++)
        {
            var code = codes[i];
            if ((uint)code >= (uint)counts.Length) { throw new StatisticsException("missing-value", $"Factor '{name}', row {i + 1}: the level is missing or unknown."); }
            counts[code]++;
        }
        for (var level = 0; level < levels.Count; level++)
        {
            if (counts[level] == 1) { _warnings.Add($"Level '{levels[level]}' of factor '{name}' is seen once: its effect rests on one observation."); }
        }
        if (counts[reference] == 0) { throw new StatisticsException("empty-level", $"The reference level '{levels[reference]}' of factor '{name}' is never seen; choose another reference."); }
        var used = Enumerable.Range(0, levels.Count).Where(l => l != reference).ToArray();
        var columnOf = new int[levels.Count];
        Array.Fill(columnOf, -1);
        for (var k = 0; k < used.Length; k++) { columnOf[used[k]] = k; }
        _terms.Add((name, [.. used.Select(l => name + levels[l])], null, codes, columnOf));
        return this;
    }

    /// <summary>A factor given as text; levels in ordinal alphabetical order, the first being the reference.</summary>
    public DesignBuilder Factor(string name, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var levels = values.Distinct().Order(StringComparer.Ordinal).ToArray();
        var index = levels.Select((level, i) => (level, i)).ToDictionary(pair => pair.level, pair => pair.i);
        return Factor(name, [.. values.Select(value => index[value])], levels);
    }

    /// <summary>A restricted cubic spline with the knots given, or with Harrell's knots for a knot count.</summary>
    public DesignBuilder Spline(string name, double[] values, IReadOnlyList<double> knots)
    {
        Check(name, values);
        var basis = RestrictedCubicSpline.Basis(values, knots);
        var names = Enumerable.Range(0, basis.Length).Select(k => name + new string('\'', k)).ToArray();
        _terms.Add((name, names, basis, null, null));
        return this;
    }

    /// <summary>A restricted cubic spline with Harrell's default knots (see <see cref="RestrictedCubicSpline.Knots"/>).</summary>
    public DesignBuilder Spline(string name, double[] values, int knots)
    {
        Check(name, values);
        return Spline(name, values, RestrictedCubicSpline.Knots(values, knots));
    }

    /// <summary>The interaction of two terms added before.</summary>
    /// <exception cref="StatisticsException">A term of that name was not added.</exception>
    public DesignBuilder Interaction(string first, string second)
    {
        var (namesA, columnsA) = Find(first);
        var (namesB, columnsB) = Find(second);
        var names = new List<string>();
        var columns = new List<double[]>();
        for (var b = 0; b < columnsB.Length; b++)
        {
            for (var a = 0; a < columnsA.Length; a++)
            {
                names.Add($"{namesA[a]}:{namesB[b]}");
                var product = new double[_rows];
                for (var i = 0; i < _rows; i++) { product[i] = columnsA[a][i] * columnsB[b][i]; }
                columns.Add(product);
            }
        }
        _terms.Add(($"{first}:{second}", [.. names], [.. columns], null, null));
        return this;
    }

    /// <summary>The finished matrix: intercept first, terms in the order added.</summary>
    public DesignMatrix Build()
    {
        var names = new List<string>();
        var terms = new List<int>();
        if (_intercept) { names.Add(DesignMatrix.InterceptName); terms.Add(-1); }
        for (var t = 0; t < _terms.Count; t++)
        {
            foreach (var name in _terms[t].Names) { names.Add(name); terms.Add(t); }
        }
        if (names.Count == 0) { throw new StatisticsException("no-columns", "The design has no columns."); }
        var values = GC.AllocateUninitializedArray<double>(checked(names.Count * _rows));
        var at = 0;
        if (_intercept) { values.AsSpan(0, _rows).Fill(1); at = _rows; }
        foreach (var (_, termNames, columns, codes, columnOf) in _terms)
        {
            var target = values.AsSpan(at, termNames.Length * _rows);
            if (columns is not null) { for (var k = 0; k < columns.Length; k++) { columns[k].CopyTo(target[(k * _rows)..]); } }
            else { Indicators(codes!, columnOf!, target); }
            at += target.Length;
        }
        return new DesignMatrix(_rows, [.. names], values, [.. terms], [.. _terms.Select(t => t.Term)], [.. _warnings]);
    }

    private void Indicators(int[] codes, int[] columnOf, Span<double> target)
    {
        target.Clear();
        for (var i = 0; i < codes.Length; i++)
        {
            var column = columnOf[codes[i]];
            if (column >= 0) { target[(column * _rows) + i] = 1; }
        }
    }

    private (string[] Names, double[][] Columns) Find(string term)
    {
        foreach (var candidate in _terms)
        {
            if (candidate.Term != term) { continue; }
            if (candidate.Columns is not null) { return (candidate.Names, candidate.Columns); }
            var flat = new double[candidate.Names.Length * _rows];
            Indicators(candidate.Codes!, candidate.ColumnOf!, flat);
            return (candidate.Names, [.. Enumerable.Range(0, candidate.Names.Length).Select(k => flat.AsSpan(k * _rows, _rows).ToArray())]);
        }
        throw new StatisticsException("unknown-term", $"The interaction names '{term}', which is not a term of the design.");
    }

    private void Check(string name, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != _rows) { throw new StatisticsException("shape", $"Column '{name}' has {values.Length} values for {_rows} rows."); }
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i])) { throw new StatisticsException("not-a-number", $"Column '{name}', row {i + 1}: the value is {(double.IsNaN(values[i]) ? "missing (NaN)" : "infinite")}."); }
        }
    }
}
