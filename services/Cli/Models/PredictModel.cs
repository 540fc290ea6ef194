using System.CommandLine;
using System.Globalization;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class PredictModel
{
    public static Command Create()
    {
        var id = new Argument<string?>("model") { Description = "Id, id@version, or a file; left out: the most specific model of the cancer type", Arity = ArgumentArity.ZeroOrOne };
        var factors = new Option<string>("--factors") { Description = "Factors as JSON: the API's case, a list, or a FHIR R4 bundle", Required = true };
        var cancer = new Option<string?>("--cancer") { Description = "Cancer type, when no model is named" };
        var histology = new Option<string?>("--histology") { Description = "Histology, when no model is named" };
        var json = new Option<bool>("--json") { Description = "The whole prediction as one JSON object" };
        var language = new Option<string>("--language") { Description = "en, zh or ru", DefaultValueFactory = _ => "en" };
        var command = new Command("predict", "Apply a model to one patient") { id, factors, cancer, histology, json, language };
        command.SetAction(parse => ModelConsole.Run(() => Predict(parse.GetValue(id), parse.GetValue(factors)!, parse.GetValue(cancer), parse.GetValue(histology), parse.GetValue(json), parse.GetValue(language)!)));
        return command;
    }

    private static int Predict(string? id, string path, string? cancer, string? histology, bool json, string language)
    {
        var model = id is null ? null : ModelConsole.Find(id);
        var file = ModelConsole.Factors(path, model);
        var type = Level("cancer-type", cancer) ?? file.CancerType ?? file.Coded.FirstOrDefault(f => f.Name == "cancer-type")?.Level;
        var kind = Level("histology", histology) ?? file.Histology ?? file.Coded.FirstOrDefault(f => f.Name == "histology")?.Level;
        if (model is not null && type is not null && model.Model.CancerType != "any" && model.Model.CancerType != type)
        {
            throw new ModelCommandException($"{model.Model.Id} is a model of {model.Model.CancerType}, but the patient's cancer type is {type}");
        }
        if (model is null && type is null) { throw new ModelCommandException("name a model, or give the cancer type (--cancer, or cancerType in the file)"); }
        var prediction = model is not null
            ? Predictor.Predict(model, FactorDictionary.WithCase(file.Coded, type, kind), file.Labels)
            : ModelGroup.Predict(ModelConsole.Library(), type!, kind, null, file.Coded, file.Labels) ?? throw new ModelCommandException($"no model of {type} can answer");
        if (json) { Console.WriteLine(prediction.ToJson()); }
        else { Print(prediction, language); }
        return prediction.Refusals.Count == 0 ? 0 : 3;
    }

    private static string? Level(string factor, string? word) => word is null ? null
        : FactorDictionary.Level(factor, word) ?? throw new ModelCommandException($"'{word}' is not a {factor} of the dictionary");

    private static void Print(Prediction prediction, string language)
    {
        Console.WriteLine($"{prediction.ModelTitle.In(language)}  ({prediction.ModelId} {prediction.ModelVersion})");
        foreach (var point in prediction.Points)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {point.Label.In(language)}: {point.ValueLabel?.In(language) ?? point.Value}  {point.Points:0.0} points  log-odds {point.LogOdds:+0.0000;-0.0000;0}"));
        }
        if (prediction.TotalPoints is { } total) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  total {total:0.0} points")); }
        if (prediction.Probability is { } p)
        {
            var interval = prediction.Interval is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $" ({low * 100:0.0}–{high * 100:0.0} %, {prediction.Interval.Kind})") : " (interval not available)";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{p * 100:0.0} %{interval}"));
            Console.WriteLine(prediction.Text!.In(language));
        }
        else if (prediction.Band is { } band) { Console.WriteLine(band.In(language)); }
        if (prediction.Probability is null && prediction.OddsRatio is { } ratio) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"odds ratio against the reference patient: {ratio:0.00}")); }
        if (prediction.BaseRate is { } rate) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"population: {rate.Rate * 100:0.0} % ({rate.Label.In(language)})")); }
        if (prediction.CriteriaMet.Count > 0) { Console.WriteLine($"criteria that hold: {string.Join(", ", prediction.CriteriaMet)}"); }
        if (prediction.Missing.Count > 0) { Console.WriteLine($"missing: {string.Join(", ", prediction.Missing)}"); }
        foreach (var refusal in prediction.Refusals) { Console.Error.WriteLine($"refused: {refusal.Reason.In(language)}"); }
        foreach (var warning in prediction.Warnings) { Console.Error.WriteLine($"note: {warning.In(language)}"); }
    }
}
