namespace BoneMet.Statistics.Tables;

/// <summary>Calendar dates.</summary>
public sealed class DateColumn(string name, int[] days) : Column(name)
{
    /// <summary>The value of a missing cell.</summary>
    public const int Missing = int.MinValue;

    /// <summary><see cref="DateOnly.DayNumber"/> for each row; <see cref="Missing"/> is a missing cell.</summary>
    public int[] Days { get; } = days;

    /// <inheritdoc/>
    public override int Count => Days.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Days[row] == Missing;

    /// <inheritdoc/>
    public override Column Select(ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++) { selected[i] = Days[rows[i]]; }
        return new DateColumn(Name, selected);
    }
}
