using System.Text.Json;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

/// <summary>Factors and labels of one patient from a JSON file: the API's case, or a FHIR R4 bundle.</summary>
internal sealed record FactorFile(string? CancerType, string? Histology, IReadOnlyList<CodedFactor> Coded, IReadOnlyList<LabelInput> Labels)
{
    public static FactorFile Read(string path, CompiledModel? model)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        var factors = new List<SubmittedFactor>();
        string? cancer = null;
        string? histology = null;
        var labels = new List<LabelInput>();
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("resourceType", out _))
        {
            var mapped = FhirFactors.Read(root, DateOnly.FromDateTime(DateTime.UtcNow));
            foreach (var left in mapped.NotMapped) { Console.Error.WriteLine($"note: not mapped: {left}"); }
            factors.AddRange(mapped.Factors);
        }
        else if (root.ValueKind == JsonValueKind.Array) { factors.AddRange(root.EnumerateArray().Select(Factor)); }
        else if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("factors", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            factors.AddRange(list.EnumerateArray().Select(Factor));
            cancer = Text(root, "cancerType");
            histology = Text(root, "histology");
            if (root.TryGetProperty("labels", out var given) && given.ValueKind == JsonValueKind.Array) { labels.AddRange(given.EnumerateArray().Select(Label)); }
        }
        else { throw new ModelCommandException($"{path} holds neither a list of factors nor an object with \"factors\" nor a FHIR bundle"); }

        var coding = FactorDictionary.Code(factors, model);
        foreach (var problem in coding.Problems) { Console.Error.WriteLine($"  {problem.Reason}"); }
        if (coding.Problems.Count > 0) { throw new ModelCommandException($"{coding.Problems.Count} factor{(coding.Problems.Count == 1 ? " was" : "s were")} not taken"); }
        return new(Known("cancer-type", cancer), Known("histology", histology), coding.Coded, labels);
    }

    private static string? Known(string factor, string? word) => word is null ? null
        : FactorDictionary.Level(factor, word) ?? throw new ModelCommandException($"'{word}' is not a {factor} of the dictionary");

    private static SubmittedFactor Factor(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "name") is not { } name) { throw new ModelCommandException("every factor is an object with a name, and a number with its unit or a level"); }
        double? number = json.TryGetProperty("number", out var n) && n.ValueKind == JsonValueKind.Number ? n.GetDouble() : null;
        var level = Text(json, "level");
        if (json.TryGetProperty("value", out var value))
        {
            if (value.ValueKind == JsonValueKind.Number) { number = value.GetDouble(); }
            else if (value.ValueKind == JsonValueKind.String) { level = value.GetString(); }
        }
        return new(name, number, level, Text(json, "unit"));
    }

    private static LabelInput Label(JsonElement json) => new()
    {
        Modality = Text(json, "modality") ?? throw new ModelCommandException("every label has a modality: imaging or pathology"),
        Logit = json.TryGetProperty("logit", out var logit) && logit.ValueKind == JsonValueKind.Number ? logit.GetDouble() : throw new ModelCommandException("every label has a logit"),
        EncoderId = Text(json, "encoderId") ?? "given",
        EncoderSha256 = Text(json, "encoderSha256") ?? "",
        Trained = json.TryGetProperty("trained", out var trained) && trained.ValueKind == JsonValueKind.True,
    };

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
