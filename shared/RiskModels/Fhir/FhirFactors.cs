using System.Globalization;
using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>Factors of a FHIR R4 Bundle (Patient, Observation, Condition) by their codes; what does not map is listed.</summary>
public static class FhirFactors
{
    private static readonly Dictionary<string, string> ByLoinc = FactorDictionary.All.SelectMany(d => d.Codes.Where(c => c.System == "loinc").Select(c => (c.Code, d.Name))).ToDictionary(c => c.Code, c => c.Name, StringComparer.Ordinal);
    private static readonly Dictionary<(string Scheme, string Code), string> ByDiagnosis = FactorDictionary.All.SelectMany(d => d.Codes.Where(c => c.System is "sct" or "icd").Select(c => ((c.System, c.Code), d.Name))).ToDictionary(c => c.Item1, c => c.Name);

    /// <summary>Reads a bundle, or a single resource.</summary>
    /// <param name="json">The resource.</param>
    /// <param name="today">The day at which an age is taken from a date of birth; null: a date of birth does not map.</param>
    public static FhirFactorSet Read(JsonElement json, DateOnly? today = null) => Read([json], today);

    /// <summary>Reads bundles and resources together. Where several tell the same factor, the newest is taken.</summary>
    public static FhirFactorSet Read(IEnumerable<JsonElement> json, DateOnly? today = null)
    {
        var factors = new List<SubmittedFactor>();
        var times = new List<string>();
        var left = new List<string>();
        foreach (var resource in json.SelectMany(Resources))
        {
            One(resource, today, factors, left);
            while (times.Count < factors.Count) { times.Add(Time(resource)); }
        }
        return new([.. factors.Zip(times).GroupBy(told => told.First.Name, StringComparer.Ordinal).SelectMany(told => Newest([.. told], left))], left);
    }

    /// <summary>What the newest resource tells; all that are equally new, so that different values are found to contradict each other.</summary>
    private static List<SubmittedFactor> Newest((SubmittedFactor Factor, string Time)[] told, List<string> left)
    {
        var last = told.Select(one => one.Time).Max(StringComparer.Ordinal);
        var newest = told.Where(one => one.Time == last).Select(one => one.Factor).ToList();
        if (newest.Count < told.Length) { left.Add($"{told[0].Factor.Name}: told {told.Length} times, the newest is taken"); }
        return newest;
    }

    private static IEnumerable<JsonElement> Resources(JsonElement json)
    {
        if (Text(json, "resourceType") != "Bundle") { return [json]; }
        return json.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array
            ? entries.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource", out _)).Select(entry => entry.GetProperty("resource"))
            : [];
    }

    /// <summary>When it holds, as the resource writes it; ISO 8601 sorts as text.</summary>
    private static string Time(JsonElement resource) => Text(resource, "effectiveDateTime") ?? Text(resource, "recordedDate") ?? Text(resource, "issued") ?? "";

    private static void One(JsonElement resource, DateOnly? today, List<SubmittedFactor> factors, List<string> left)
    {
        switch (Text(resource, "resourceType"))
        {
            case "Patient":
                if (Text(resource, "gender") is "male" or "female") { factors.Add(new("sex", Level: Text(resource, "gender"))); }
                if (Text(resource, "birthDate") is { } birth) { Age(birth, today, factors, left); }
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
                if (Refuted(resource)) { left.Add($"Condition {Shown(resource)}: refuted or entered in error"); break; }
                var mapped = false;
                foreach (var (system, code) in resource.TryGetProperty("code", out var concept) ? Codings(concept) : [])
                {
                    if (Meaning(system, code) is not { } told || (mapped && factors.Exists(factor => factor.Name == told.Name))) { continue; }
                    factors.Add(told);
                    mapped = true;
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

    /// <summary>What a diagnosis says: a metastasis that the dictionary names, a morphology, or a primary tumour.</summary>
    private static SubmittedFactor? Meaning(string system, string code)
    {
        if (ByDiagnosis.TryGetValue((Scheme(system), code), out var site) || ByDiagnosis.TryGetValue((Scheme(system), code.Split('.')[0]), out site)) { return new(site, Level: "yes"); }
        return Scheme(system) switch
        {
            "icd" when code.Contains('/', StringComparison.Ordinal) => FactorDictionary.Level("histology", code) is { } morphology ? new("histology", Level: morphology) : null,
            "icd" => code.Length >= 3 && FactorDictionary.Level("cancer-type", code[..3]) is { } organ ? new("cancer-type", Level: organ) : null,
            "sct" => FactorDictionary.Level("cancer-type", code) is { } known ? new("cancer-type", Level: known) : null,
            _ => null,
        };
    }

    private static string Scheme(string system) =>
        system == "http://snomed.info/sct" ? "sct" : system.Contains("icd", StringComparison.OrdinalIgnoreCase) ? "icd" : "";

    private static bool Refuted(JsonElement condition) =>
        condition.TryGetProperty("verificationStatus", out var status) && Codings(status).Any(coding => coding.Code is "refuted" or "entered-in-error");

    private static void Age(string birth, DateOnly? today, List<SubmittedFactor> factors, List<string> left)
    {
        if (today is not { } day) { left.Add("Patient.birthDate: the day at which the age counts is not known; give the age as an Observation"); }
        else if (!DateOnly.TryParseExact(birth, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) || born > day) { left.Add("Patient.birthDate: not a full date in the past"); }
        else
        {
            var years = day.Year - born.Year;
            factors.Add(new("age", born.AddYears(years) > day ? years - 1 : years, Unit: "a"));
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
