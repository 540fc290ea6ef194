using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using BoneMet.Cohorts.Studies;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Cohort;

/// <summary><c>bonemet cohort compare a.json b.json --on c.csv</c>.</summary>
internal static class CompareCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var first = new Argument<FileInfo>("A.json") { Description = "Result of 'cohort fit --json'" };
        var second = new Argument<FileInfo>("B.json") { Description = "Result of another one" };
        var on = new Option<FileInfo?>("--on") { Description = "The cohort to compare them on" };
        var outcome = new Option<string?>("--outcome") { Description = "Outcome column, where it is not that of the models" };
        var json = new Option<string?>("--json") { Description = "Write the comparison as JSON to this file, or '-'" };
        var command = new Command("compare", "Two fitted models on one cohort: paired DeLong, net benefit, reclassification") { first, second, on, outcome, json };
        command.SetAction((parse, cancellation) => CohortConsole.Run(async () =>
        {
            var file = parse.GetValue(on) ?? throw new StudyException("Say on which cohort the models are compared: --on FILE.csv.");
            var target = parse.GetValue(json);
            CohortConsole.RequireFolder(target);
            var (a, b) = (await Read(parse.GetRequiredValue(first), cancellation), await Read(parse.GetRequiredValue(second), cancellation));
            var loaded = TableReader.Read(file.FullName, new TableReaderOptions { StrictColumns = ModelComparison.UsedColumns(a, b, parse.GetValue(outcome)) }, cancellation);
            var result = ModelComparison.Run(a, b, loaded, parse.GetValue(outcome));
            var text = result.ToJsonString(Indented);
            CohortConsole.Rejections(loaded);
            foreach (var warning in result["warnings"]!.AsArray()) { await Console.Error.WriteLineAsync($"warning: {warning!["text"]}"); }
            if (target == "-") { Console.WriteLine(text); return 0; }
            if (target is not null) { await File.WriteAllTextAsync(target, text + "\n", cancellation); }
            foreach (var model in result["models"]!.AsArray()) { Console.WriteLine($"{model!["name"]}: AUC {model["auc"]!.GetValue<double>():F4}, Brier {model["brier"]!.GetValue<double>():F4}, calibration slope {model["calibration_slope"]!.GetValue<double>():F3}"); }
            Console.WriteLine($"paired DeLong: difference {result["delong"]!["difference"]!.GetValue<double>():F4}, p {result["delong"]!["p"]?.GetValue<double>():G3}");
            return 0;
        }));
        return command;
    }

    private static async Task<(string Name, string Json)> Read(FileInfo file, CancellationToken cancellation) =>
        file.Exists ? (file.Name, await File.ReadAllTextAsync(file.FullName, cancellation)) : throw new StudyException($"There is no file {file}.");
}
