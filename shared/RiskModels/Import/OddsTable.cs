using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>
/// Reads a published table of odds ratios into terms. Columns (any order, header needed): factor, level, or, low, high; optional: from, to, unit (bins and
/// numbers), without, with (counts), share, note. An empty odds ratio, or 1 without limits, marks the reference. A factor with one row and no level is linear per unit,
/// and needs from and to as the ends of its axis.
/// </summary>
public static class OddsTable
{
    private static readonly string[] Known = ["factor", "level", "or", "low", "high", "from", "to", "unit", "without", "with", "share", "note"];

    /// <summary>Terms of the table, or every fault by line.</summary>
    public static (IReadOnlyList<ModelTerm> Terms, IReadOnlyList<string> Faults) Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var faults = new List<string>();
        var csv = new CsvLine(reader);
        if (csv.Read() is not { } header) { return ([], ["The table is empty."]); }
        var names = header.ConvertAll(h => h.Trim().TrimStart('\uFEFF').ToLowerInvariant());
        foreach (var name in names.Where(n => !Known.Contains(n))) { faults.Add($"line 1: '{name}' is not a column known here; known: {string.Join(", ", Known)}"); }
        foreach (var needed in new[] { "factor", "or" }.Where(n => !names.Contains(n))) { faults.Add($"line 1: the column '{needed}' is missing"); }
        if (faults.Count > 0) { return ([], faults); }

        var rows = new List<Row>();
        while (csv.Read() is { } cells)
        {
            if (cells.TrueForAll(string.IsNullOrWhiteSpace)) { continue; }
            rows.Add(RowOf(cells, names, csv.Line, faults));
        }
        var terms = rows.GroupBy(r => r.Factor, StringComparer.Ordinal).Select(g => Term([.. g], faults)).ToList();
        return faults.Count > 0 ? ([], faults) : ([.. terms.OfType<ModelTerm>()], []);
    }

    private static Row RowOf(List<string> cells, List<string> names, int line, List<string> faults)
    {
        string? Text(string name) => names.IndexOf(name) is >= 0 and var i && i < cells.Count && cells[i].Trim() is { Length: > 0 } text ? text : null;
        double? Number(string name)
        {
            if (Text(name) is not { } text) { return null; }
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) { return number; }
            faults.Add($"line {line}: '{text}' in column '{name}' is not a number");
            return null;
        }
        int? Count(string name)
        {
            if (Number(name) is not { } number) { return null; }
            if (number >= 0 && number == Math.Floor(number) && number <= int.MaxValue) { return (int)number; }
            faults.Add($"line {line}: {Text(name)} in column '{name}' is not a count");
            return null;
        }
        var given = Text("factor");
        if (given is null) { faults.Add($"line {line}: the factor is missing"); }
        var factor = given is null ? "" : FactorDictionary.Recognise(given)?.Name ?? given;
        var row = new Row(line, factor, Text("level"), Number("or"), Number("low"), Number("high"), Number("from"), Number("to"), Text("unit"), Count("without"), Count("with"), Number("share"), Text("note"));
        if (row.Ratio is <= 0) { faults.Add($"line {line}: an odds ratio must be above 0, not {row.Ratio}"); }
        if (row.Low is <= 0) { faults.Add($"line {line}: a limit must be above 0, not {row.Low}"); }
        if (row.Low is null != row.High is null) { faults.Add($"line {line}: one limit is given without the other"); }
        return row;
    }

    private static ModelTerm? Term(List<Row> rows, List<string> faults)
    {
        var first = rows[0];
        if (rows is [{ Level: null }])
        {
            if (first.Ratio is null) { faults.Add($"line {first.Line}: {first.Factor} has neither a level nor an odds ratio"); return null; }
            if (first.From is not { } low || first.To is not { } high) { faults.Add($"line {first.Line}: {first.Factor} is a number; from and to are needed as the ends of its axis"); return null; }
            return new LinearTerm { Factor = first.Factor, Unit = first.Unit, Coefficient = Coefficient(first), Low = low, High = high, RangeOrigin = "table" };
        }
        foreach (var row in rows.Where(r => r.Level is null)) { faults.Add($"line {row.Line}: {row.Factor} has several rows, so each needs a level"); }
        if (rows.Exists(r => r.Level is null)) { return null; }
        var binned = rows.Exists(r => (r.From ?? r.To) is not null);
        var levels = rows.ConvertAll(row => new TermLevel
        {
            Level = binned ? row.Level! : FactorDictionary.Level(row.Factor, row.Level!) ?? row.Level!,
            From = row.From,
            To = row.To,
            IsReference = row.IsReference,
            Coefficient = row.IsReference ? RiskModels.Coefficient.Reference : Coefficient(row),
            WithoutEvent = row.Without,
            WithEvent = row.With,
            Share = row.Share,
        });
        return binned ? new BinnedTerm { Factor = first.Factor, Unit = first.Unit, Bins = levels } : new CategoricalTerm { Factor = first.Factor, Levels = levels };
    }

    // β = ln OR; SE = (ln high − ln low) / (2 · 1.959964).
    private static Coefficient Coefficient(Row row) => new()
    {
        Beta = Math.Log(row.Ratio ?? 1),
        Ratio = row.Ratio,
        Low = row.Low,
        High = row.High,
        StandardError = row is { Low: > 0 and { } low, High: > 0 and { } high } ? (Math.Log(high) - Math.Log(low)) / (2 * WilsonInterval.Z) : null,
        Note = row.Note,
    };

    private sealed record Row(int Line, string Factor, string? Level, double? Ratio, double? Low, double? High, double? From, double? To, string? Unit, int? Without, int? With, double? Share, string? Note)
    {
        public bool IsReference => Ratio is null || (Ratio == 1 && Low is null);
    }
}
