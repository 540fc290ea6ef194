namespace BoneMet.Statistics.Tables;

internal sealed class DateBuilder(ColumnPlan plan, int rows, RejectionList rejections) : ColumnBuilder(plan, rejections)
{
    private readonly int[] _days = new int[rows];
    private int _count;

    public override void Add(ReadOnlySpan<byte> cell, int row)
    {
        if (TableReader.TryDate(cell, out var day)) { _days[_count++] = day; } else { Reject(cell, row, "not a date (2024-06-07, 2024/06/07 or 07.06.2024)"); }
    }

    public override void AddMissing() => _days[_count++] = DateColumn.Missing;

    public override Column Build() => new DateColumn(Name, _days);
}
