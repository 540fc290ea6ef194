using System.Globalization;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Published;

/// <summary>Reads a published table of factors and says where it contradicts itself.</summary>
/// <remarks>
/// Columns: <c>factor</c>, <c>level</c>; counts <c>no_event</c>, <c>event</c> (with or without a percentage in brackets) or <c>no_event_pct</c>,
/// <c>event_pct</c>; <c>or</c> (with or without its interval) or <c>ci_low</c>, <c>ci_high</c>; <c>p</c>; <c>no_event_total</c>, <c>event_total</c>.
/// The first level of a factor, or the one whose ratio is 1 without interval, is the reference. A number counts as printed to its last digit:
/// only what no rounding can explain is flagged.
/// </remarks>
public static class PublishedTable
{
    private static readonly string[] Known = ["factor", "level", "no_event", "event", "no_event_pct", "event_pct", "no_event_total", "event_total", "or", "ci_low", "ci_high", "p"];

    private sealed record Line(int Row, string Factor, string Level, PrintedNumber? Without, PrintedNumber? WithoutPct, PrintedNumber? With, PrintedNumber? WithPct, PrintedNumber? WithoutTotal, PrintedNumber? WithTotal,
        PrintedNumber? Ratio, PrintedNumber? Low, PrintedNumber? High, string P);

    /// <summary>The columns that are read, as every cell must stay text.</summary>
    public static DataDictionary Dictionary { get; } = new() { Schema = DataDictionary.Format, Columns = [.. Known.Select(name => new DictionaryColumn { Name = name, Kind = ColumnKind.Categorical })] };

    /// <summary>Checks every row of a table that was read with <see cref="Dictionary"/>.</summary>
    /// <exception cref="StudyException">The table has no factor column, or nothing to check.</exception>
    public static IReadOnlyList<PublishedFinding> Check(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (!table.TryGet("factor", out _)) { throw new StudyException($"A published table needs the column factor; known columns are {string.Join(", ", Known)}."); }
        if (!table.TryGet("or", out _) && !table.TryGet("event", out _)) { throw new StudyException("A published table needs counts (no_event, event) or ratios (or, ci_low, ci_high)."); }
        var lines = new List<Line>();
        var factor = "";
        for (var row = 0; row < table.Rows; row++)
        {
            string Cell(string name) => table.TryGet(name, out var column) && column is CategoricalColumn c && c.Codes[row] >= 0 ? c.Levels[c.Codes[row]] : "";
            if (Cell("factor").Length > 0) { factor = Cell("factor"); }
            var without = PrintedNumber.All(Cell("no_event"));
            var with = PrintedNumber.All(Cell("event"));
            var ratio = PrintedNumber.All(Cell("or"));
            lines.Add(new(row + 1, factor, Cell("level"), At(without, 0), At(without, 1) ?? Single(Cell("no_event_pct")), At(with, 0), At(with, 1) ?? Single(Cell("event_pct")), Single(Cell("no_event_total")), Single(Cell("event_total")),
                At(ratio, 0), At(ratio, 1) ?? Single(Cell("ci_low")), At(ratio, 2) ?? Single(Cell("ci_high")), Cell("p")));
        }
        return [.. lines.GroupBy(line => line.Factor, StringComparer.Ordinal).SelectMany(group => CheckFactor([.. group])).OrderBy(finding => finding.Row)];

        static PrintedNumber? At(PrintedNumber[] numbers, int index) => index < numbers.Length ? numbers[index] : null;
        static PrintedNumber? Single(string text) => At(PrintedNumber.All(text), 0);
    }

    private static IEnumerable<PublishedFinding> CheckFactor(Line[] lines)
    {
        var reference = lines.FirstOrDefault(l => l.Ratio?.Value == 1 && l.Low is null) ?? lines[0];
        foreach (var line in lines)
        {
            var flags = new List<string>();
            Percentage(line.Without, line.WithoutPct, line.With, line.WithoutTotal, lines.Select(l => l.Without), "without the event", flags);
            Percentage(line.With, line.WithPct, line.Without, line.WithTotal, lines.Select(l => l.With), "with the event", flags);
            var finding = new PublishedFinding { Row = line.Row, Factor = line.Factor, Level = line.Level, Flags = flags };
            if (line != reference && line is { With: { } a, Without: { } b } && reference is { With: { } c, Without: { } d } && a.Value > 0 && b.Value > 0 && c.Value > 0 && d.Value > 0) { finding = Crude(finding, a.Value, b.Value, c.Value, d.Value); }
            yield return Interval(line, finding, flags);
        }
    }

    /// <summary>A percentage fits when some denominator that a reader would take (the column of the factor, its stated total, the row) gives it after rounding.</summary>
    private static void Percentage(PrintedNumber? count, PrintedNumber? percent, PrintedNumber? other, PrintedNumber? total, IEnumerable<PrintedNumber?> column, string what, List<string> flags)
    {
        if (count is null || percent is null) { return; }
        var sum = column.Sum(c => c?.Value ?? 0);
        var denominators = new List<double> { sum };
        if (total is not null) { denominators.Add(total.Value); }
        if (other is not null) { denominators.Add(count.Value + other.Value); }
        if (denominators.Any(d => d > 0 && Math.Abs((100 * count.Value / d) - percent.Value) <= percent.Half * 1.02)) { return; }
        flags.Add(FormattableString.Invariant($"{count.Value} {what} is printed as {percent.Value} %, but it is {100 * count.Value / sum:0.0#} % of the factor's {sum}."));
    }

    private static PublishedFinding Crude(PublishedFinding finding, double a, double b, double c, double d)
    {
        var beta = Math.Log(a * d / (b * c));
        var error = Math.Sqrt((1 / a) + (1 / b) + (1 / c) + (1 / d));
        double n = a + b + c + d, cross = Math.Abs((a * d) - (b * c)), product = (a + b) * (c + d) * (a + c) * (b + d);
        var corrected = Math.Max(0, cross - (n / 2));
        return finding with
        {
            CrudeOddsRatio = Math.Exp(beta), CrudeLow = Math.Exp(beta - (Wald.Z95 * error)), CrudeHigh = Math.Exp(beta + (Wald.Z95 * error)), ChiSquare = n * cross * cross / product, ChiSquareYates = n * corrected * corrected / product,
        };
    }

    private static PublishedFinding Interval(Line line, PublishedFinding finding, List<string> flags)
    {
        if (line.Ratio is not { Value: > 0 } ratio) { return finding; }
        finding = finding with { Beta = Math.Log(ratio.Value) };
        if (line.Low is not { } low || line.High is not { } high) { return finding; }
        if (low.Value > high.Value) { flags.Add(FormattableString.Invariant($"the interval {low.Value} to {high.Value} is upside down.")); return finding; }
        if (ratio.High < low.Low || ratio.Low > high.High) { flags.Add(FormattableString.Invariant($"the ratio {ratio.Value} lies outside its interval {low.Value} to {high.Value}.")); }
        if (low.Value <= 0) { return finding; }
        double smallest = Math.Sqrt(Math.Max(0, low.Low) * high.Low), largest = Math.Sqrt(low.High * high.High);
        if (largest < ratio.Low || smallest > ratio.High)
        {
            flags.Add(FormattableString.Invariant($"the ratio {ratio.Value} is not the geometric mean of its interval {low.Value} to {high.Value} ({Math.Sqrt(low.Value * high.Value):0.00#}): one of the three is misprinted, or the interval is not Wald's."));
        }
        var error = (Math.Log(high.Value) - Math.Log(low.Value)) / (2 * Wald.Z95);
        var p = Normal.TwoSided(Math.Log(ratio.Value) / error);
        Probability(line, low, high, ratio, p, flags);
        return finding with { StandardError = error, PFromInterval = p };
    }

    private static void Probability(Line line, PrintedNumber low, PrintedNumber high, PrintedNumber ratio, double p, List<string> flags)
    {
        if (line.P.Length == 0 || PrintedNumber.All(line.P) is not [var printed, ..]) { return; }
        // Range of p that the rounding of ratio and limits allows.
        double z1 = Z(ratio.Low, low.Low, high.High), z2 = Z(ratio.High, low.Low, high.High), z3 = Z(ratio.Low, low.High, high.Low), z4 = Z(ratio.High, low.High, high.Low);
        double[] range = [.. new[] { z1, z2, z3, z4 }.Where(double.IsFinite).Select(Normal.TwoSided)];
        if (range.Length == 0) { return; }
        var below = line.P.Contains('<', StringComparison.Ordinal);
        var contradicts = below ? range.Min() > printed.Value : line.P.Contains('>', StringComparison.Ordinal) ? range.Max() < printed.Value : range.Max() < printed.Low || range.Min() > printed.High;
        if (contradicts) { flags.Add(FormattableString.Invariant($"p is printed as {line.P}, but ratio and interval give {p.ToString(p < 0.001 ? "0.0E+0" : "0.000", CultureInfo.InvariantCulture)}.")); }
    }

    private static double Z(double ratio, double low, double high) => ratio > 0 && low > 0 && high > low ? Math.Log(ratio) / ((Math.Log(high) - Math.Log(low)) / (2 * Wald.Z95)) : double.NaN;
}
