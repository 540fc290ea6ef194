using System.Text;

namespace BoneMet.Statistics.Tables;

internal sealed class NumericBuilder(ColumnPlan plan, int rows, bool strict, RejectionList rejections) : ColumnBuilder(plan, rejections)
{
    private readonly double[] _values = new double[rows];
    private int _count;

    public override void Add(ReadOnlySpan<byte> cell, int row)
    {
        if (TableReader.TryNumber(cell, Plan.DecimalComma, out var value)) { Accept(value * Plan.Factor, cell, row); return; }
        if (TableReader.IsNotFinite(cell))
        {
            var text = Encoding.UTF8.GetString(cell);
            if (strict) { throw new TableException($"Row {row}, column {Name}: '{text}' is not a number; correct it, or leave the cell empty if the value is missing."); }
            Reject(cell, row, "not a finite number");
            return;
        }
        if (WithUnit(cell) is { } converted) { Accept(converted, cell, row); return; }
        Reject(cell, row, cell[0] is (byte)'<' or (byte)'>' ? "a limit of detection, not a number"
            : !Plan.DecimalComma && TableReader.TryNumber(cell, true, out _) ? "a decimal comma where the column uses the point" : "not a number");
    }

    public override void AddMissing() => _values[_count++] = double.NaN;

    public override Column Build() => new NumericColumn(Name, _values) { Unit = Plan.Unit };

    private void Accept(double value, ReadOnlySpan<byte> cell, int row)
    {
        if (Plan.Description is { } description && (value < description.Minimum || value > description.Maximum))
        {
            Reject(cell, row, $"outside {description.Minimum} to {description.Maximum} {description.Unit}".TrimEnd());
            return;
        }
        _values[_count++] = value;
    }

    /// <summary>A number followed by a unit that the dictionary knows.</summary>
    private double? WithUnit(ReadOnlySpan<byte> cell)
    {
        if (Plan.Description is not { Unit: { } kept } description) { return null; }
        var end = cell.Length;
        while (end > 0 && !(cell[end - 1] is >= (byte)'0' and <= (byte)'9')) { end--; }
        if (end == 0 || !TableReader.TryNumber(cell[..end], Plan.DecimalComma, out var value)) { return null; }
        var unit = Encoding.UTF8.GetString(cell[end..]).Trim();
        if (string.Equals(unit, kept, StringComparison.OrdinalIgnoreCase)) { return value; }
        return description.Units is { } units && ColumnPlan.Units(units, unit) is { } factor ? value * factor : null;
    }
}
