using System.CommandLine;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class DrawModel
{
    public static Command Create()
    {
        var id = new Argument<string>("model") { Description = "Id, id@version, or a file" };
        var svg = new Option<string?>("--svg") { Description = "SVG to write" };
        var pdf = new Option<string?>("--pdf") { Description = "PDF to write" };
        var json = new Option<string?>("--json") { Description = "Geometry to write, as JSON" };
        var factors = new Option<string?>("--factors") { Description = "Factors of a patient, whose marks are drawn" };
        var language = new Option<string>("--language") { Description = "en, zh or ru", DefaultValueFactory = _ => "en" };
        var command = new Command("nomogram", "Draw the nomogram of any model document") { id, svg, pdf, json, factors, language };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var model = ModelConsole.Find(parse.GetValue(id)!);
            var geometry = NomogramGeometry.Compute(model);
            var prediction = parse.GetValue(factors) is { } path ? Predictor.Predict(model, ModelConsole.Factors(path, model).Coded) : null;
            foreach (var refusal in prediction?.Refusals ?? []) { Console.Error.WriteLine($"refused: {refusal.Reason.En}"); }
            if (parse.GetValue(svg) is null && parse.GetValue(pdf) is null && parse.GetValue(json) is null) { throw new ModelCommandException("say where to write: --svg, --pdf or --json"); }
            if (parse.GetValue(svg) is { } picture) { File.WriteAllText(picture, NomogramSvg.Draw(geometry, prediction, parse.GetValue(language)!)); }
            if (parse.GetValue(pdf) is { } page) { File.WriteAllBytes(page, NomogramPdf.Draw(geometry, prediction, parse.GetValue(language)!)); }
            if (parse.GetValue(json) is { } file) { File.WriteAllText(file, geometry.ToJson()); }
            return 0;
        }));
        return command;
    }
}
