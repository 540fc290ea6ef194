using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using BoneMet.Cohorts.Published;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Cohort;

/// <summary><c>bonemet cohort import-table TABLE.csv</c>: a published table, what it implies and where it contradicts itself.</summary>
internal static class ImportTableCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var file = new Argument<FileInfo>("TABLE.csv") { Description = "Columns: factor, level, no_event, event (n or 'n (%)'), or (or 'OR (lo–hi)'), ci_low, ci_high, p" };
        var json = new Option<string?>("--json") { Description = "Write the findings as JSON to this file, or '-'" };
        var command = new Command("import-table", "Read a published table of factors and flag what contradicts itself") { file, json };
        command.SetAction((parse, cancellation) => CohortConsole.Run(async () =>
        {
            var loaded = TableReader.Read(parse.GetRequiredValue(file).FullName, new TableReaderOptions { Dictionary = PublishedTable.Dictionary }, cancellation);
            var findings = PublishedTable.Check(loaded.Table);
            var text = JsonSerializer.Serialize(new { rows = findings, flagged = findings.Count(f => f.Flags.Count > 0) }, Indented);
            var target = parse.GetValue(json);
            if (target == "-") { Console.WriteLine(text); }
            else if (target is not null) { await File.WriteAllTextAsync(target, text + "\n", cancellation); }
            foreach (var finding in findings)
            {
                if (target != "-") { Console.WriteLine($"{finding.Factor} {finding.Level}: crude OR {F(finding.CrudeOddsRatio)}, chi-square {F(finding.ChiSquare)}, beta {F(finding.Beta)}, SE {F(finding.StandardError)}, p {F(finding.PFromInterval)}"); }
                foreach (var flag in finding.Flags) { await Console.Error.WriteLineAsync($"row {finding.Row}, {finding.Factor} {finding.Level}: {flag}"); }
            }
            return 0;
        }));
        return command;
    }

    private static string F(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("G4") : "-";
}
