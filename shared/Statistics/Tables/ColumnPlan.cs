using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>What the first pass learns about one column and decides for the second.</summary>
internal sealed class ColumnPlan(string header, DictionaryColumn? description, string? unit)
{
    /// <summary>A column with text in at least this share of its cells, or with few distinct numbers, is a factor; otherwise text among numbers is a fault.</summary>
    private const double NumberShare = 0.9;
    private const int FewNumbers = 20;

    private readonly HashSet<double> _distinct = [];
    private readonly byte[][] _missing = [.. (description?.Missing ?? []).Select(Encoding.UTF8.GetBytes)];
    private long _filled;
    private long _points;
    private long _commas;
    private long _dates;
    private long _logical;

    public string Header { get; } = header;

    public DictionaryColumn? Description { get; } = description;

    public string Name { get; set; } = description?.Name ?? header;

    public bool Wanted { get; set; } = true;

    public ColumnKind Kind { get; private set; }

    public bool DecimalComma { get; private set; }

    public bool Logical { get; private set; }

    /// <summary>What a number times this gives, in the dictionary's unit.</summary>
    public double Factor { get; private set; } = 1;

    public string? Unit => Description?.Unit ?? unit;

    public bool IsMissing(ReadOnlySpan<byte> cell)
    {
        if (TableReader.IsMissing(cell)) { return true; }
        foreach (var text in _missing) { if (cell.SequenceEqual(text)) { return true; } }
        return false;
    }

    public void Look(ReadOnlySpan<byte> cell)
    {
        if (IsMissing(cell) || TableReader.IsNotFinite(cell)) { return; }
        _filled++;
        if (TableReader.TryNumber(cell, false, out var value))
        {
            _points++;
            if (_distinct.Count <= FewNumbers) { _distinct.Add(value); }
        }
        else if (TableReader.TryNumber(cell, true, out value))
        {
            _commas++;
            if (_distinct.Count <= FewNumbers) { _distinct.Add(value); }
        }
        else if (TableReader.TryDate(cell, out _)) { _dates++; }
        else if (IsLogical(cell, out _)) { _logical++; }
    }

    public void Decide(char? decimalSign, char delimiter, List<string> notes)
    {
        DecimalComma = decimalSign == ',' || (decimalSign is null && _commas > 0 && (delimiter != ',' || _commas > _points / 10));
        var numbers = _points + (DecimalComma ? _commas : 0);
        var few = _distinct.Count <= FewNumbers;
        Kind = Description?.Kind
            ?? (Description?.Levels is not null || Description?.Check is not null ? ColumnKind.Categorical
                : _filled == 0 || numbers == _filled || (numbers >= NumberShare * _filled && !few) ? ColumnKind.Numeric
                : _dates == _filled ? ColumnKind.Date
                : ColumnKind.Categorical);
        Logical = Kind == ColumnKind.Categorical && Description?.Levels is null && _logical == _filled;
        if (Kind == ColumnKind.Numeric && DecimalComma && _commas > 0 && decimalSign is null) { notes.Add($"column {Name}: the comma is read as decimal sign"); }
        if (Kind == ColumnKind.Numeric && unit is not null && Description is { Unit: { } wanted } && !string.Equals(unit, wanted, StringComparison.OrdinalIgnoreCase))
        {
            Factor = Description.Units is { } units && Units(units, unit) is { } factor
                ? factor
                : throw new TableException($"Column {Header}: the unit '{unit}' cannot be converted to {wanted}; the data dictionary knows {string.Join(", ", Description.Units?.Keys ?? [])}.");
            if (Factor != 1) { notes.Add($"column {Header}: converted from {unit} to {wanted} (times {Factor})"); }
        }
        if (Description is not null && Name != Header) { notes.Add($"column {Header} is taken as {Name}"); }
    }

    public static double? Units(IReadOnlyDictionary<string, double> units, string unit)
    {
        foreach (var (name, factor) in units) { if (string.Equals(name, unit, StringComparison.OrdinalIgnoreCase)) { return factor; } }
        return null;
    }

    /// <summary>R's logical constants.</summary>
    public static bool IsLogical(ReadOnlySpan<byte> cell, out bool value)
    {
        value = cell.SequenceEqual("T"u8) || cell.SequenceEqual("TRUE"u8) || cell.SequenceEqual("true"u8) || cell.SequenceEqual("True"u8);
        return value || cell.SequenceEqual("F"u8) || cell.SequenceEqual("FALSE"u8) || cell.SequenceEqual("false"u8) || cell.SequenceEqual("False"u8);
    }
}
