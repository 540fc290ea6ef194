using System.Globalization;

namespace BoneMet.Cli.Training;

/// <summary>predictions.csv of a training run: one row per patient with set, outcome, labels, clinical factors and, for generated patients, the true log-odds.</summary>
internal sealed class PredictionsTable
{
    public const string HeldOut = "held-out";
    public const string Validation = "validation";
    private const string FactorPrefix = "factor:";
    private readonly string[] _header;
    private readonly string[][] _rows;

    private PredictionsTable(string[] header, string[][] rows) => (_header, _rows) = (header, rows);

    /// <summary>Clinical factors, as their columns are named.</summary>
    public IReadOnlyList<string> Factors => [.. _header.Where(name => name.StartsWith(FactorPrefix, StringComparison.Ordinal))];

    /// <exception cref="TrainingFailure">The run is not finished.</exception>
    public static PredictionsTable Of(DirectoryInfo run)
    {
        var path = Path.Combine(run.FullName, "predictions.csv");
        if (!File.Exists(path)) { throw new TrainingFailure($"{run}: there is no predictions.csv; the run is not finished."); }
        var lines = File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(',')).ToList();
        return new(lines[0], [.. lines.Skip(1)]);
    }

    public static string FactorName(string column) => column[FactorPrefix.Length..];

    public bool Has(string column) => _header.Contains(column);

    public string[] Text(string column, string set)
    {
        var (at, kind) = (Array.IndexOf(_header, column), Array.IndexOf(_header, "set"));
        return [.. _rows.Where(row => row[kind] == set).Select(row => row[at])];
    }

    public double[] Numbers(string column, string set) => Array.ConvertAll(Text(column, set), text => double.Parse(text, CultureInfo.InvariantCulture));
}
