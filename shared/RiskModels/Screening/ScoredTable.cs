using System.Globalization;

namespace BoneMet.RiskModels;

/// <summary>Reads what <see cref="BatchScorer"/> wrote, for a worklist; rows with a problem are left out.</summary>
public static class ScoredTable
{
    /// <summary>Cases with a probability.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or a probability is not one.</exception>
    public static IReadOnlyList<WorklistCase> Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var csv = new CsvLine(reader);
        var header = csv.Read() ?? throw new InvalidDataException("The table is empty.");
        var (id, probability) = (header.IndexOf("id"), header.IndexOf("probability"));
        if (id < 0 || probability < 0) { throw new InvalidDataException("The table needs the columns id and probability."); }
        var cases = new List<WorklistCase>();
        while (csv.Read() is { } cells)
        {
            if (cells.Count <= Math.Max(id, probability) || cells[probability].Length == 0) { continue; }
            if (!double.TryParse(cells[probability], NumberStyles.Float, CultureInfo.InvariantCulture, out var p) || !(p is >= 0 and <= 1))
            {
                throw new InvalidDataException($"Line {csv.Line}: '{cells[probability]}' is not a probability.");
            }
            cases.Add(new(cells[id], p));
        }
        return cases;
    }
}
