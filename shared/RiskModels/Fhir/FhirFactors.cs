using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>Factors of a FHIR R4 Bundle (Patient, Observation, Condition) by their codes; what does not map is listed.</summary>
public static class FhirFactors
{
    private static readonly Dictionary<string, string> ByLoinc = FactorDictionary.All.SelectMany(d => d.Codes.Where(c => c.System == "loinc").Select(c => (c.Code, d.Name))).ToDictionary(c => c.Code, c => c.Name, StringComparer.Ordinal);

    /// <summary>Reads a bundle, or a single resource.</summary>
    /// <param name="json">The resource.</param>
    public static FhirFactorSet Read(JsonElement json)
    {
        var factors = new List<SubmittedFactor>();
        var left = new List<string>();
        if (Text(json, "resourceType") == "Bundle")
        {
            if (json.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array)
            {
                foreach (var entry in entries.EnumerateArray())
                {
                    if (entry.TryGetProperty("resource", out var resource)) { One(resource, factors, left); }
                }
            }
        }
        else { One(json, factors, left); }
        return new(factors, left);
    }

    private static void One(JsonElement resource, List<SubmittedFactor> factors, List<string> left)
    {
        switch (Text(resource, "resourceType"))
        {
            case "Patient":
                if (Text(resource, "gender") is "male" or "female") { factors.Add(new("sex", Level: Text(resource, "gender"))); }
                if (resource.TryGetProperty("maritalStatus", out var marital))
                {
                    var code = Codings(marital).Select(c => c.Code).FirstOrDefault();
                    if (code is "M") { factors.Add(new("marital-status", Level: "married")); }
                    else if (code is "S" or "D" or "W" or "L" or "A" or "U") { factors.Add(new("marital-status", Level: "unmarried")); }
                    else { left.Add($"Patient.maritalStatus '{code}'"); }
                }
                break;
            case "Observation":
                Observation(resource, factors, left);
                break;
            case "Condition":
                if (Text(resource, "clinicalStatus") is null && !resource.TryGetProperty("code", out _)) { left.Add("Condition without a code"); break; }
                var mapped = false;
                foreach (var (system, code) in resource.TryGetProperty("code", out var concept) ? Codings(concept) : [])
                {
                    if (!system.Contains("icd", StringComparison.OrdinalIgnoreCase)) { continue; }
                    if (code.Contains('/', StringComparison.Ordinal) && FactorDictionary.Level("histology", code) is { } morphology) { factors.Add(new("histology", Level: morphology)); mapped = true; }
                    else if (code.Length >= 3 && FactorDictionary.Level("cancer-type", code[..3]) is { } site) { factors.Add(new("cancer-type", Level: site)); mapped = true; }
                }
                if (!mapped) { left.Add($"Condition {Shown(resource)}"); }
                break;
            case { } other:
                left.Add(other);
                break;
            default:
                left.Add("an entry without a resource type");
                break;
        }
    }

    private static void Observation(JsonElement resource, List<SubmittedFactor> factors, List<string> left)
    {
        var name = resource.TryGetProperty("code", out var concept) ? Codings(concept).Where(c => c.System == "http://loinc.org").Select(c => ByLoinc.GetValueOrDefault(c.Code)).FirstOrDefault(n => n is not null) : null;
        if (name is null)
        {
            left.Add($"Observation {Shown(resource)}: no LOINC code of the factor dictionary");
            return;
        }
        if (Text(resource, "status") is "entered-in-error" or "cancelled")
        {
            left.Add($"Observation {name}: status {Text(resource, "status")}");
            return;
        }
        if (resource.TryGetProperty("valueQuantity", out var quantity) && quantity.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number)
        {
            var unit = Text(quantity, "code") ?? Text(quantity, "unit");
            factors.Add(new(name, value.GetDouble(), Unit: unit is "1" or "{score}" ? null : unit));
        }
        else if (resource.TryGetProperty("valueInteger", out var whole) && whole.ValueKind == JsonValueKind.Number) { factors.Add(new(name, whole.GetDouble())); }
        else if (resource.TryGetProperty("valueString", out var text) && text.ValueKind == JsonValueKind.String) { factors.Add(new(name, Level: text.GetString())); }
        else if (resource.TryGetProperty("valueBoolean", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False) { factors.Add(new(name, Level: flag.GetBoolean() ? "yes" : "no")); }
        else if (resource.TryGetProperty("valueCodeableConcept", out var coded))
        {
            var words = Codings(coded).Select(c => c.Code).ToList();
            if (coded.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array) { words.AddRange(codings.EnumerateArray().Select(c => Text(c, "display")).OfType<string>()); }
            if (Text(coded, "text") is { } free) { words.Insert(0, free); }
            var level = words.Select(word => FactorDictionary.Level(name, word)).FirstOrDefault(l => l is not null);
            if (level is not null) { factors.Add(new(name, Level: level)); }
            else { left.Add($"Observation {name}: value {string.Join(" / ", words)} is none of its levels"); }
        }
        else { left.Add($"Observation {name}: no value"); }
    }

    private static IEnumerable<(string System, string Code)> Codings(JsonElement concept)
    {
        if (concept.ValueKind != JsonValueKind.Object || !concept.TryGetProperty("coding", out var codings) || codings.ValueKind != JsonValueKind.Array) { yield break; }
        foreach (var coding in codings.EnumerateArray())
        {
            if (Text(coding, "code") is { } code) { yield return (Text(coding, "system") ?? "", code); }
        }
    }

    private static string Shown(JsonElement resource)
    {
        if (!resource.TryGetProperty("code", out var concept)) { return "without a code"; }
        return Text(concept, "text") ?? string.Join(", ", Codings(concept).Select(c => $"{c.System}|{c.Code}"));
    }

    private static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
