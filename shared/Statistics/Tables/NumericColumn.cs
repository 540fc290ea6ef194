namespace BoneMet.Statistics.Tables;

/// <summary>Numbers; NaN is a missing cell.</summary>
public sealed class NumericColumn(string name, double[] values) : Column(name)
{
    /// <summary>Values, one per row.</summary>
    public double[] Values { get; } = values;

    /// <summary>Unit of the values, as the dictionary gives it; null when unknown.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override int Count => Values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows)
    {
        var selected = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++) { selected[i] = Values[rows[i]]; }
        return new NumericColumn(Name, selected) { Unit = Unit };
    }

    /// <summary>The distinct numbers as levels, in numeric order and written as R writes them: what <c>factor(x)</c> does.</summary>
    public CategoricalColumn ToCategorical(string? name = null)
    {
        var distinct = Values.Where(v => !double.IsNaN(v)).Distinct().Order().ToArray();
        var codes = new int[Values.Length];
        for (var row = 0; row < codes.Length; row++) { codes[row] = double.IsNaN(Values[row]) ? -1 : Array.BinarySearch(distinct, Values[row]); }
        return new CategoricalColumn(name ?? Name, codes, [.. distinct.Select(v => v.ToString("G15"))]);
    }
}
