using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace BoneMet.RiskModels;

/// <summary>Scores many patients of one model, row by row, in order. A row that cannot be scored says why; the others are not held up.</summary>
public sealed class BatchScorer
{
    private const int ChunkRows = 2048;
    private readonly CompiledModel model;
    private readonly Column[] columns;
    private readonly bool derives;

    private BatchScorer(CompiledModel model, Column[] columns)
    {
        this.model = model;
        this.columns = columns;
        derives = columns.Any(c => c.Definition is not null);
    }

    /// <summary>
    /// Reads CSV with a header (factor names in any of the dictionary's languages, a unit after the name in square brackets: "psa [ug/L]"; an "id" column is passed
    /// through) and writes CSV: id, probability, linear_predictor, total_points, low, high, problem.
    /// </summary>
    /// <returns>Rows scored, rows with a problem, and columns that the model has no use for.</returns>
    public static BatchSummary Score(CompiledModel model, TextReader input, TextWriter output, int threads = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var csv = new CsvLine(input);
        var header = csv.Read() ?? throw new InvalidDataException("The file is empty: a header with factor names is needed.");
        var columns = Columns(model, [.. header]);
        var unused = columns.Where(c => c.Kind == ColumnKind.Unused).Select(c => c.Header).ToList();
        var scorer = new BatchScorer(model, columns);
        output.WriteLine("id,probability,linear_predictor,total_points,low,high,problem");

        var scored = 0;
        var faulty = 0;
        var workers = threads > 0 ? threads : Environment.ProcessorCount;
        using var ready = new BlockingCollection<Task<Chunk>>(workers * 4);
        var writer = Task.Run(() =>
        {
            foreach (var task in ready.GetConsumingEnumerable(cancellation))
            {
                var chunk = task.GetAwaiter().GetResult();
                output.Write(chunk.Text);
                scored += chunk.Scored;
                faulty += chunk.Faulty;
            }
        }, cancellation);
        var rows = new List<string[]>(ChunkRows);
        var first = 1;
        void Send()
        {
            var mine = rows;
            var start = first;
            first += mine.Count;
            rows = new(ChunkRows);
            ready.Add(Task.Run(() => scorer.Score(mine, start), cancellation), cancellation);
        }
        try
        {
            while (csv.Read() is { } cells)
            {
                if (cells.Count == 1 && cells[0].Length == 0) { continue; }
                rows.Add([.. cells]);
                if (rows.Count == ChunkRows) { Send(); }
            }
            if (rows.Count > 0) { Send(); }
        }
        finally
        {
            ready.CompleteAdding();
        }
        writer.GetAwaiter().GetResult();
        return new(scored, faulty, unused);
    }

    private static Column[] Columns(CompiledModel model, string[] header)
    {
        var columns = new Column[header.Length];
        for (var i = 0; i < header.Length; i++)
        {
            var text = header[i].Trim().TrimStart('\uFEFF');
            var bracket = text.IndexOf('[', StringComparison.Ordinal);
            var unit = bracket >= 0 ? text[(bracket + 1)..].TrimEnd(']', ' ') : null;
            var name = (bracket >= 0 ? text[..bracket] : text).Trim();
            if (string.Equals(name, "id", StringComparison.OrdinalIgnoreCase))
            {
                columns[i] = new(ColumnKind.Id, text, "id", null, 1);
                continue;
            }
            var definition = FactorDictionary.Find(name) ?? (model.Takes(name) ? null : FactorDictionary.Recognise(name));
            var factor = definition?.Name ?? name;
            if (definition is { IsNumber: true } number)
            {
                var scale = 1.0;
                if (unit is not null && !number.Units.TryGetValue(FactorText.Unit(unit), out scale)) { throw new InvalidDataException($"Column '{text}': {factor} cannot be given in '{unit}'; use {number.Unit}."); }
                columns[i] = new(ColumnKind.Number, text, factor, number, scale);
            }
            else if (definition is not null) { columns[i] = new(ColumnKind.Level, text, factor, definition, 1); }
            else { columns[i] = new(model.Takes(factor) ? ColumnKind.Own : ColumnKind.Unused, text, factor, null, 1); }
        }
        var twice = columns.Where(c => c.Kind != ColumnKind.Unused).GroupBy(c => c.Factor, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? columns : throw new InvalidDataException($"Two columns give {twice.Key}: {string.Join(", ", twice.Select(c => $"'{c.Header}'"))}.");
    }

    private Chunk Score(List<string[]> rows, int first)
    {
        var text = new StringBuilder(rows.Count * 96);
        var x = new double[model.Columns.Count];
        var problems = new List<FactorProblem>();
        var scored = 0;
        for (var r = 0; r < rows.Count; r++)
        {
            problems.Clear();
            var id = (first + r).ToString(CultureInfo.InvariantCulture);
            var coded = new Dictionary<string, CodedFactor>(columns.Length, StringComparer.Ordinal);
            for (var c = 0; c < columns.Length; c++)
            {
                var column = columns[c];
                var cell = c < rows[r].Length ? rows[r][c].AsSpan().Trim() : default;
                if (column.Kind == ColumnKind.Id) { id = cell.ToString(); }
                else if (column.Kind != ColumnKind.Unused && cell.Length > 0 && Read(column, cell, problems) is { } factor) { coded[column.Factor] = factor; }
            }
            if (rows[r].Length > columns.Length) { problems.Add(new("row", "too-many-cells", $"the row has {rows[r].Length} cells, the header {columns.Length}")); }
            if (derives) { FactorDerivation.Derive(coded, problems); }
            Quote(text, id);
            if (problems.Count > 0)
            {
                text.Append(",,,,,,");
                Quote(text, string.Join("; ", problems.Select(p => p.Reason)));
            }
            else if (Row(text, coded, x)) { scored++; }
            text.Append('\n');
        }
        return new(text.ToString(), scored, rows.Count - scored);
    }

    private bool Row(StringBuilder text, Dictionary<string, CodedFactor> coded, double[] x)
    {
        var answer = model.Quick(new FactorSet(coded), x);
        if (answer.Problem is { } problem)
        {
            text.Append(",,,,,,");
            Quote(text, problem);
            return false;
        }
        text.Append(',');
        Number(text, answer.Probability);
        text.Append(',');
        Number(text, answer.LinearPredictor);
        text.Append(',');
        Number(text, answer.TotalPoints);
        text.Append(',');
        Number(text, answer.Low);
        text.Append(',');
        Number(text, answer.High);
        text.Append(',');
        return true;
    }

    private static CodedFactor? Read(Column column, ReadOnlySpan<char> cell, List<FactorProblem> problems)
    {
        var parsed = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        switch (column.Kind)
        {
            case ColumnKind.Number:
                var definition = column.Definition!;
                var value = number * column.Scale;
                if (!parsed) { problems.Add(new(column.Factor, "not-a-number", $"{column.Factor} = '{cell}' is not a number")); }
                else if (value < definition.HardLow || value > definition.HardHigh) { problems.Add(new(column.Factor, "impossible-value", $"{column.Factor} = {cell} is impossible")); }
                else { return new CodedFactor { Name = column.Factor, Number = value, Unit = definition.Unit }; }
                return null;
            case ColumnKind.Level:
                if (FactorCoder.Level(column.Definition!, cell.ToString()) is { } level) { return new CodedFactor { Name = column.Factor, Level = level }; }
                problems.Add(new(column.Factor, "unknown-level", $"{column.Factor} has no level '{cell}'"));
                return null;
            default:
                return parsed ? new CodedFactor { Name = column.Factor, Number = number } : new CodedFactor { Name = column.Factor, Level = cell.ToString() };
        }
    }

    private static void Number(StringBuilder text, double? value)
    {
        if (value is { } number && double.IsFinite(number)) { text.Append(CultureInfo.InvariantCulture, $"{number}"); }
    }

    private static void Quote(StringBuilder text, string value)
    {
        if (value.AsSpan().ContainsAny(",\"\n\r")) { text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"'); }
        else { text.Append(value); }
    }

    private enum ColumnKind
    {
        Id,
        Number,
        Level,
        Own,
        Unused,
    }

    private sealed record Column(ColumnKind Kind, string Header, string Factor, FactorDefinition? Definition, double Scale);

    private sealed record Chunk(string Text, int Scored, int Faulty);
}
