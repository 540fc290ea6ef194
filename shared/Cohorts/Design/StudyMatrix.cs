using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Design;

/// <summary>Columns of a regression, without intercept, over the rows in which nothing that it needs is missing. Names are R's.</summary>
internal sealed class StudyMatrix
{
    private const int MaximumLevels = 100;

    private StudyMatrix(int[] rows, int dropped, List<DesignTerm> terms, List<double[]> columns, List<string> names)
    {
        Rows = rows;
        Dropped = dropped;
        Terms = terms;
        Columns = columns;
        Names = names;
    }

    /// <summary>Rows of the table that are analysed.</summary>
    public int[] Rows { get; }

    /// <summary>Rows left out because a value is missing.</summary>
    public int Dropped { get; }

    public IReadOnlyList<DesignTerm> Terms { get; }

    public IReadOnlyList<double[]> Columns { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Builds the design.</summary>
    /// <param name="table">The cohort.</param>
    /// <param name="specs">Factors.</param>
    /// <param name="required">Columns that must be known besides the factors.</param>
    /// <param name="usable">Whether a row may be used at all.</param>
    /// <param name="protocol">References and treatment of missing values.</param>
    /// <param name="fileRows">Row of the file, from 0, that each row of the table was; null where the table is the whole file.</param>
    /// <exception cref="StudyException">A factor cannot be used; one sentence says why.</exception>
    public static StudyMatrix Build(Table table, IReadOnlyList<FactorSpec> specs, IReadOnlyList<Column> required, Func<int, bool> usable, StudyProtocol protocol, int[]? fileRows = null)
    {
        var indicator = protocol.Missing == MissingPolicy.Indicator;
        var used = specs.SelectMany(s => s.Columns).Distinct(StringComparer.Ordinal).Select(name => table[name]).ToArray();
        Column[] needed = [.. required, .. indicator ? [] : used];
        foreach (var column in used)
        {
            if (column.MissingCount == table.Rows) { throw new StudyException($"The factor {column.Name} has no value in any row."); }
        }
        var rows = new List<int>();
        var candidates = 0;
        for (var row = 0; row < table.Rows; row++)
        {
            if (!usable(row)) { continue; }
            candidates++;
            var whole = true;
            foreach (var column in needed) { if (column.IsMissing(row)) { whole = false; break; } }
            if (whole) { rows.Add(row); }
        }
        if (rows.Count == 0)
        {
            throw new StudyException(table.Rows == 0 ? "The cohort has no row." : $"No row of {table.Rows} has all values that the study needs ({string.Join(", ", needed.Where(c => c.MissingCount > 0).Select(c => $"{c.Name}: {c.MissingCount} missing"))}).");
        }
        int[] kept = [.. rows];
        var terms = new List<DesignTerm>();
        var columns = new List<double[]>();
        var names = new List<string>();
        foreach (var spec in specs)
        {
            if (spec.Columns.Length == 2) { AddProduct(spec, terms, columns, names); continue; }
            var column = table[spec.Columns[0]].Select(kept);
            if (column is DateColumn) { throw new StudyException($"The factor {column.Name} holds dates; give it as a number (an age or a year)."); }
            if (column is NumericColumn number && !spec.AsLevels) { AddNumber(spec, number, indicator, terms, columns, names); }
            else { AddLevels(spec, column is NumericColumn n ? n.ToCategorical() : (CategoricalColumn)column, indicator, protocol, fileRows is null ? kept : [.. kept.Select(row => fileRows[row])], terms, columns, names); }
        }
        return new(kept, candidates - kept.Length, terms, columns, names);
    }

    private static void AddNumber(FactorSpec spec, NumericColumn number, bool indicator, List<DesignTerm> terms, List<double[]> columns, List<string> names)
    {
        var values = number.Values;
        var first = columns.Count;
        double[]? gaps = null;
        if (indicator && number.MissingCount > 0)
        {
            gaps = [.. values.Select(v => double.IsNaN(v) ? 1.0 : 0)];
            var mean = values.Where(v => !double.IsNaN(v)).Average();
            values = [.. values.Select(v => double.IsNaN(v) ? mean : v)];
        }
        if (values.All(v => v == values[0])) { throw new StudyException($"The factor {number.Name} is constant: every row that is analysed has {values[0]}."); }
        double[] knots = [];
        columns.Add(values);
        names.Add(spec.Text);
        if (spec.Knots > 0)
        {
            knots = SplineBasis.Knots(values, spec.Knots, number.Name);
            var basis = SplineBasis.Expand(values, knots);
            for (var k = 0; k < basis.Length; k++)
            {
                columns.Add(basis[k]);
                names.Add(spec.Text + new string('\'', k + 1));
            }
        }
        if (gaps is not null)
        {
            columns.Add(gaps);
            names.Add(spec.Text + ".missing");
        }
        terms.Add(new() { Name = spec.Text, Kind = knots.Length > 0 ? TermKind.Spline : TermKind.Linear, Columns = [.. Enumerable.Range(first, columns.Count - first)], Knots = knots, Values = values, Unit = number.Unit });
    }

    private static void AddLevels(FactorSpec spec, CategoricalColumn factor, bool indicator, StudyProtocol protocol, int[] rows, List<DesignTerm> terms, List<double[]> columns, List<string> names)
    {
        if (indicator && factor.MissingCount > 0)
        {
            factor = new(factor.Name, [.. factor.Codes.Select(c => c < 0 ? factor.Levels.Length : c)], [.. factor.Levels, "(missing)"]);
        }
        factor = factor.DropUnusedLevels();
        if (protocol.References.TryGetValue(factor.Name, out var reference)) { factor = factor.WithReference(reference); }
        if (factor.Levels.Length == 1) { throw new StudyException($"The factor {factor.Name} is constant: every row that is analysed has {factor.Levels[0]}."); }
        if (factor.Levels.Length > MaximumLevels) { throw new StudyException($"The factor {factor.Name} has {factor.Levels.Length} levels; more than {MaximumLevels} is an identifier, or numbers written as text."); }
        var counts = factor.LevelCounts();
        for (var level = 0; level < counts.Length; level++)
        {
            if (counts[level] == 1)
            {
                throw new StudyException($"The level {factor.Levels[level]} of {factor.Name} is seen only once (row {rows[Array.IndexOf(factor.Codes, level)] + 1}): its effect cannot be estimated; merge it with another level or leave the row out.");
            }
        }
        var first = columns.Count;
        for (var level = 1; level < factor.Levels.Length; level++)
        {
            var dummy = new double[factor.Count];
            for (var i = 0; i < dummy.Length; i++) { dummy[i] = factor.Codes[i] == level ? 1 : 0; }
            columns.Add(dummy);
            names.Add(spec.Text + factor.Levels[level]);
        }
        terms.Add(new()
        {
            Name = spec.Text, Kind = TermKind.Categorical, Columns = [.. Enumerable.Range(first, columns.Count - first)], Levels = factor.Levels, LevelCounts = counts, Codes = factor.Codes,
        });
    }

    private static void AddProduct(FactorSpec spec, List<DesignTerm> terms, List<double[]> columns, List<string> names)
    {
        var parents = spec.Columns.Select(name => terms.FirstOrDefault(t => t.Name == name) ?? throw new StudyException($"The product {spec.Text} needs {name} among the factors.")).ToArray();
        var first = columns.Count;
        foreach (var b in parents[1].Columns)
        {
            foreach (var a in parents[0].Columns)
            {
                columns.Add([.. columns[a].Zip(columns[b], (x, y) => x * y)]);
                names.Add($"{names[a]}:{names[b]}");
            }
        }
        terms.Add(new() { Name = spec.Text, Kind = TermKind.Interaction, Columns = [.. Enumerable.Range(first, columns.Count - first)], Parents = [.. parents.Select(p => p.Name)] });
    }
}
