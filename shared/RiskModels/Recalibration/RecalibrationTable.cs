using System.Globalization;
using System.Text;

namespace BoneMet.RiskModels;

/// <summary>Linear predictors and outcomes of a site's patients, from CSV; rows that cannot be used are named.</summary>
public sealed record RecalibrationTable(IReadOnlyList<double> LinearPredictors, IReadOnlyList<bool> Outcomes, IReadOnlyList<string> Problems)
{
    /// <summary>Reads factor columns as <see cref="BatchScorer"/> does, and the outcome (0 or 1) from its own column.</summary>
    public static RecalibrationTable Read(CompiledModel model, TextReader reader, string outcomeColumn)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reader);
        // A relative model has no intercept: at zero, its linear predictor is the log odds ratio.
        var scorer = model.Model is { Family: ModelFamily.Logistic, Intercept.Value: null }
            ? new CompiledModel(model.Model with { Intercept = new() { Origin = ModelIntercept.Recalibrated, Value = 0 } })
            : model;
        var csv = new CsvLine(reader);
        var header = csv.Read()?.ConvertAll(h => h.Trim().TrimStart('\uFEFF')) ?? throw new InvalidDataException("The table is empty.");
        var at = header.FindIndex(h => string.Equals(h, outcomeColumn, StringComparison.OrdinalIgnoreCase));
        if (at < 0) { throw new InvalidDataException($"The table has no column '{outcomeColumn}'."); }

        var names = new StringBuilder("id");
        var outcomes = new List<bool?>();
        var rows = new StringBuilder();
        for (var i = 0; i < header.Count; i++)
        {
            if (i != at && !string.Equals(header[i], "id", StringComparison.OrdinalIgnoreCase)) { names.Append(',').Append(Quote(header[i])); }
        }
        while (csv.Read() is { } cells)
        {
            if (cells.TrueForAll(string.IsNullOrWhiteSpace)) { continue; }
            outcomes.Add(at < cells.Count ? cells[at].Trim() switch { "0" => false, "1" => true, _ => null } : null);
            rows.Append(csv.Line);
            for (var i = 0; i < header.Count; i++)
            {
                if (i != at && !string.Equals(header[i], "id", StringComparison.OrdinalIgnoreCase)) { rows.Append(',').Append(Quote(i < cells.Count ? cells[i] : "")); }
            }
            rows.Append('\n');
        }
        using var scored = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var input = new StringReader($"{names}\n{rows}");
        BatchScorer.Score(scorer, input, scored);

        var lps = new List<double>();
        var known = new List<bool>();
        var problems = new List<string>();
        using var result = new StringReader(scored.ToString());
        var lines = new CsvLine(result);
        lines.Read();
        for (var i = 0; lines.Read() is { } cells; i++)
        {
            if (cells[^1].Length > 0) { problems.Add($"line {cells[0]}: {cells[^1]}"); }
            else if (outcomes[i] is not { } outcome) { problems.Add($"line {cells[0]}: the outcome is not 0 or 1"); }
            else
            {
                lps.Add(double.Parse(cells[2], CultureInfo.InvariantCulture));
                known.Add(outcome);
            }
        }
        return new(lps, known, problems);
    }

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
