namespace BoneMet.Statistics.Regression;

/// <summary>The model matrix of a regression: column-major doubles, columns named as R names them, each column knowing its term.</summary>
public sealed class DesignMatrix
{
    /// <summary>Name that R gives the constant column.</summary>
    public const string InterceptName = "(Intercept)";

    internal DesignMatrix(int rows, string[] names, double[] values, int[] terms, string[] termNames, string[] warnings)
    {
        (Rows, Names, Values, Terms, TermNames, Warnings) = (rows, names, values, terms, termNames, warnings);
    }

    /// <summary>Number of observations n.</summary>
    public int Rows { get; }

    /// <summary>Number of columns p, the intercept included.</summary>
    public int Columns => Names.Count;

    /// <summary>Column names: <c>(Intercept)</c>, <c>age</c>, <c>sexMale</c>, <c>age'</c>, <c>sexMale:age</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>n × p values, column-major: element (i, j) is at j·n + i.</summary>
    public double[] Values { get; }

    /// <summary>For each column the index of its term in <see cref="TermNames"/>; −1 for the intercept.</summary>
    public IReadOnlyList<int> Terms { get; }

    /// <summary>Terms in order: a factor or a spline is one term of several columns.</summary>
    public IReadOnlyList<string> TermNames { get; }

    /// <summary>What the reader must know of the design, for instance a factor level seen once.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>True where the first column is the constant 1.</summary>
    public bool HasIntercept => Columns > 0 && Terms[0] < 0;

    /// <summary>Values of one column.</summary>
    public ReadOnlySpan<double> Column(int column) => Values.AsSpan(column * Rows, Rows);

    /// <summary>A design from ready columns (n values each); an intercept is put in front unless declined.</summary>
    /// <exception cref="StatisticsException">Zero rows, unequal lengths, or a value that is not finite (the column and row are named).</exception>
    public static DesignMatrix FromColumns(IReadOnlyList<string> names, IReadOnlyList<double[]> columns, bool intercept = true)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(columns);
        if (names.Count != columns.Count) { throw new StatisticsException("shape", $"{names.Count} names were given for {columns.Count} columns."); }
        if (columns.Count == 0) { throw new StatisticsException("no-columns", "The design has no columns."); }
        var builder = new DesignBuilder(columns[0].Length, intercept);
        for (var j = 0; j < columns.Count; j++) { builder.Numeric(names[j], columns[j]); }
        return builder.Build();
    }

    /// <summary>The intercept alone: the null model of n rows.</summary>
    public static DesignMatrix InterceptOnly(int rows) => new DesignBuilder(rows).Build();

    /// <summary>The same columns for some rows, in the order given (a row may occur more than once).</summary>
    public DesignMatrix SelectRows(ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length * Columns];
        for (var j = 0; j < Columns; j++)
        {
            var from = Column(j);
            var to = values.AsSpan(j * rows.Length, rows.Length);
            for (var i = 0; i < rows.Length; i++) { to[i] = from[rows[i]]; }
        }
        return new DesignMatrix(rows.Length, [.. Names], values, [.. Terms], [.. TermNames], [.. Warnings]);
    }

    /// <summary>The same rows with only the named terms (the intercept stays).</summary>
    public DesignMatrix SelectTerms(IReadOnlyCollection<string> terms)
    {
        var kept = Enumerable.Range(0, Columns).Where(j => Terms[j] < 0 || terms.Contains(TermNames[Terms[j]])).ToArray();
        return SelectColumns(kept);
    }

    /// <summary>The same rows without some columns, for instance those that a collinearity refusal names.</summary>
    public DesignMatrix DropColumns(IReadOnlyCollection<string> columns) =>
        SelectColumns([.. Enumerable.Range(0, Columns).Where(j => !columns.Contains(Names[j]))]);

    /// <summary>Linear predictor Xβ (+ offset) of every row, in row order.</summary>
    public double[] LinearPredictor(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> offset = default)
    {
        if (coefficients.Length != Columns) { throw new StatisticsException("shape", $"{coefficients.Length} coefficients were given for {Columns} columns."); }
        var result = new double[Rows];
        if (offset.Length > 0) { offset.CopyTo(result); }
        for (var j = 0; j < Columns; j++) { LinearAlgebra.Kernels.AddScaled(coefficients[j], Column(j), result); }
        return result;
    }

    private DesignMatrix SelectColumns(int[] kept)
    {
        var values = new double[kept.Length * Rows];
        for (var k = 0; k < kept.Length; k++) { Column(kept[k]).CopyTo(values.AsSpan(k * Rows)); }
        var usedTerms = kept.Select(j => Terms[j]).Where(t => t >= 0).Distinct().Order().ToArray();
        return new DesignMatrix(
            Rows, [.. kept.Select(j => Names[j])], values,
            [.. kept.Select(j => Terms[j] < 0 ? -1 : Array.IndexOf(usedTerms, Terms[j]))],
            [.. usedTerms.Select(t => TermNames[t])], [.. Warnings]);
    }
}
