using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class RecalibrateModel
{
    public static Command Create()
    {
        var id = new Argument<string>("model") { Description = "Id, id@version, or a file" };
        var table = new Option<string>("--table") { Description = "CSV of the site's patients: factor columns as in 'model score', and the outcome", Required = true };
        var outcome = new Option<string>("--outcome") { Description = "Column with 0 or 1", DefaultValueFactory = _ => "outcome" };
        var slope = new Option<bool>("--slope") { Description = "Intercept and slope; left out: intercept only" };
        var site = new Option<string>("--site") { Description = "Name of the site, for the lineage and the version", Required = true };
        var output = new Option<string>("--out") { Description = "Document of the new version", Required = true };
        var command = new Command("recalibrate", "Fit a model's intercept (and slope) to a site's own outcomes: a new version") { id, table, outcome, slope, site, output };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var model = ModelConsole.Find(parse.GetValue(id)!);
            var path = parse.GetValue(table)!;
            RecalibrationResult result;
            using (var reader = new StreamReader(path))
            {
                var rows = RecalibrationTable.Read(model, reader, parse.GetValue(outcome)!);
                foreach (var problem in rows.Problems.Take(5)) { Console.Error.WriteLine($"note: {problem}"); }
                if (rows.Problems.Count > 5) { Console.Error.WriteLine($"note: and {rows.Problems.Count - 5} more rows left out"); }
                result = Recalibration.Fit(model, rows.LinearPredictors, rows.Outcomes, parse.GetValue(slope), parse.GetValue(site)!, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
            }
            File.WriteAllText(parse.GetValue(output)!, ModelFile.Save(result.Model));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Model.Id} {result.Model.Version}: {result.Patients} patients, {result.Events} events; intercept {result.Shift:+0.####;-0.####;0}, slope {result.Slope:0.####}; Brier {result.BrierBefore:0.####} → {result.BrierAfter:0.####}; mean risk {result.MeanBefore:0.####} → {result.MeanAfter:0.####}, observed {(double)result.Events / result.Patients:0.####}"));
            return 0;
        }));
        return command;
    }
}
