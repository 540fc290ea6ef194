using System.Globalization;
using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;
using Spectre.Console;

namespace BoneMet.Cli.Demo;

/// <summary>The end of the demo for a person: the risk in words and numbers, the points, the model, the files.</summary>
internal static class DemoReport
{
    public static void Print(DemoResult result, CaseView view)
    {
        Console.WriteLine();
        foreach (var strand in Strand.All)
        {
            var state = view.Strands[strand];
            var text = state switch
            {
                { Status: "failed" } => $"failed: {state.Reason}",
                { Status: "absent" } => "absent: not part of this case",
                { Label: { Withheld: { } why } } => $"ready; label withheld: {why}",
                { Label: { Trained: false } label } => $"ready; label {Number(label.Logit)} (logit) from an UNTRAINED encoder ({label.EncoderId} {label.EncoderVersion}, {label.Provider}): shown, not used",
                { Label: { Synthetic: true } label } => $"ready; label {Number(label.Logit)} (logit) from an encoder trained on SYNTHETIC data ({label.EncoderId} {label.EncoderVersion}, {label.Provider})",
                { Label: { } label } => $"ready; label {Number(label.Logit)} (logit), {label.EncoderId} {label.EncoderVersion}, {label.Provider}",
                _ => state.Status,
            };
            Console.WriteLine($"  {strand,-9} {text}");
        }
        if (view.FusedLabel is { } fused)
        {
            Console.WriteLine($"  fused     label {Number(fused.Label.Logit)} (logit; without imaging {Number(fused.WithoutImaging)}, without pathology {Number(fused.WithoutPathology)}), {fused.Label.EncoderId} {fused.Label.EncoderVersion}: shown, enters no model");
        }
        Console.WriteLine();
        if (result.Prediction is not { } prediction)
        {
            Console.WriteLine("No prediction: none of the strands that are ready is enough for a model.");
        }
        else { PrintPrediction(prediction); }

        if (result.Synthetic.Count > 0) { Console.WriteLine($"Synthetic input, not a patient: {string.Join(", ", result.Synthetic)}."); }
        Console.WriteLine("For research use. Not a medical device; no treatment decision may rest on it.");
        Console.WriteLine();
        foreach (var (name, path) in result.Artefacts) { Console.WriteLine($"  {name,-16} {path}"); }
        Console.WriteLine($"  case {result.CaseId}   trace {result.TraceId}   {result.ElapsedMs} ms");
    }

    private static void PrintPrediction(JsonElement prediction)
    {
        var probability = Maybe(prediction, "probability");
        var words = Words(prediction, "text");
        if (probability is { } p)
        {
            var interval = prediction.TryGetProperty("interval", out var i) && Maybe(i, "low") is { } low && Maybe(i, "high") is { } high
                ? $" ({Percent(low)} to {Percent(high)}; {i.GetProperty("kind").GetString()})"
                : " (no interval: none was published)";
            AnsiConsole.MarkupLineInterpolated($"[bold]Bone metastasis risk: {Percent(p)}[/]{interval}");
        }
        if (words is not null) { Console.WriteLine(words); }
        var title = Words(prediction, "modelTitle") ?? "";
        Console.WriteLine($"Model {prediction.GetProperty("modelId").GetString()} version {prediction.GetProperty("modelVersion").GetString()}: {title}");
        if (prediction.TryGetProperty("citation", out var citation)) { Console.WriteLine($"      {citation.GetString()}"); }
        if (prediction.TryGetProperty("modelComplete", out var complete) && complete.ValueKind == JsonValueKind.False)
        {
            Console.WriteLine("      (the paper did not print every coefficient: see the report)");
        }
        Console.WriteLine();
        if (prediction.TryGetProperty("points", out var points) && points.GetArrayLength() > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("factor", "value").AddColumn(new TableColumn("points").RightAligned()).AddColumn(new TableColumn("log-odds").RightAligned());
            foreach (var row in points.EnumerateArray())
            {
                table.AddRow(Markup.Escape(Words(row, "label") ?? Text(row, "factor")), Markup.Escape(Text(row, "value")), Markup.Escape(Cell(row, "points", "0.0")), Markup.Escape(Cell(row, "logOdds", "+0.000;-0.000;0")));
            }
            AnsiConsole.Write(table);
        }
        if (prediction.TryGetProperty("missing", out var missing) && missing.GetArrayLength() > 0)
        {
            Console.WriteLine($"Missing: {string.Join(", ", missing.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : Text(item, "factor")))}");
        }
    }

    private static double? Maybe(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>The English of a text in three languages.</summary>
    private static string? Words(JsonElement row, string name) => row.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.Object && text.TryGetProperty("en", out var english) ? english.GetString() : null;

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string Cell(JsonElement row, string name, string format) => Maybe(row, name) is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    private static string Number(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Percent(double value) => $"{(value * 100).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
