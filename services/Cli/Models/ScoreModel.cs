using System.CommandLine;
using System.Diagnostics;
using System.Text;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class ScoreModel
{
    public static Command Create()
    {
        var id = new Argument<string>("model") { Description = "Id, id@version, or a file" };
        var table = new Option<string>("--table") { Description = "CSV: a row per patient, columns by factor name, units in brackets: psa [ug/L]", Required = true };
        var output = new Option<string>("--out") { Description = "CSV to write", Required = true };
        var command = new Command("score", "Apply a model to every row of a CSV file") { id, table, output };
        command.SetAction(parse => ModelConsole.Run(() => Score(parse.GetValue(id)!, parse.GetValue(table)!, parse.GetValue(output)!)));
        return command;
    }

    private static int Score(string id, string table, string output)
    {
        var model = ModelConsole.Find(id);
        var watch = Stopwatch.StartNew();
        var partial = output + ".partial";
        BatchSummary summary;
        using (var reader = new StreamReader(table, Encoding.UTF8))
        using (var writer = new StreamWriter(partial, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            summary = BatchScorer.Score(model, reader, writer);
        }
        File.Move(partial, output, overwrite: true);
        if (summary.UnusedColumns.Count > 0) { Console.Error.WriteLine($"note: columns that the model does not know: {string.Join(", ", summary.UnusedColumns)}"); }
        Console.WriteLine($"{summary.Scored} scored, {summary.WithProblems} with problems, {watch.ElapsedMilliseconds} ms, {output}");
        return 0;
    }
}
