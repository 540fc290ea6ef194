using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BoneMet.RiskModels;

/// <summary>
/// A case's prediction as a FHIR R4 bundle (collection): RiskAssessment with basis, method, probability and rationale; DiagnosticReport; an Observation per factor;
/// Device (the model); Provenance. No identity: the subject is the case's pseudonymous identifier. Same data, same bytes.
/// </summary>
public static class FhirReport
{
    private const string CaseSystem = "urn:bonemet:case";
    private const string ModelSystem = "urn:bonemet:model";
    private const string FactorSystem = "urn:bonemet:factor";

    /// <summary>The bundle as JSON.</summary>
    /// <exception cref="InvalidOperationException">The case has no prediction.</exception>
    public static string Write(CaseReportData data, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(data);
        var prediction = data.Prediction ?? throw new InvalidOperationException("A case without a prediction has no risk assessment.");
        var at = data.WrittenAt.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ");
        var key = $"{data.CaseId}|{prediction.ModelSha256}|{prediction.ToJson()}";
        var device = Url(key, "device");
        var assessment = Url(key, "risk");
        var report = Url(key, "report");

        var entries = new JsonArray { Entry(device, Device(prediction)) };
        var basis = new JsonArray();
        foreach (var input in prediction.Inputs.Where(i => i.Used))
        {
            var url = Url(key, input.Name);
            basis.Add((JsonNode)Reference(url));
            entries.Add((JsonNode)Entry(url, Observation(data, input, at)));
        }
        entries.Add((JsonNode)Entry(assessment, Assessment(data, prediction, basis, device, at, language)));
        entries.Add((JsonNode)Entry(report, Report(data, prediction, basis, device, at, language)));
        entries.Add((JsonNode)Entry(Url(key, "provenance"), new JsonObject
        {
            ["resourceType"] = "Provenance",
            ["target"] = new JsonArray(Reference(assessment), Reference(report)),
            ["recorded"] = at,
            ["activity"] = new JsonObject { ["text"] = "bone-metastasis risk prediction" },
            ["agent"] = new JsonArray(new JsonObject { ["who"] = Reference(device) }),
            ["entity"] = new JsonArray(new JsonObject
            {
                ["role"] = "source",
                ["what"] = new JsonObject { ["identifier"] = Identifier(ModelSystem, prediction.ModelSha256), ["display"] = $"{prediction.ModelId} {prediction.ModelVersion}" },
            }),
        }));
        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["timestamp"] = at, ["entry"] = entries }.ToJsonString();
    }

    private static JsonObject Device(Prediction prediction) => new()
    {
        ["resourceType"] = "Device",
        ["identifier"] = new JsonArray(Identifier(ModelSystem, prediction.ModelSha256)),
        ["status"] = "active",
        ["deviceName"] = new JsonArray(new JsonObject { ["name"] = prediction.ModelId, ["type"] = "model-name" }),
        ["type"] = new JsonObject { ["text"] = "risk prediction model (research use)" },
        ["version"] = new JsonArray(new JsonObject { ["value"] = prediction.ModelVersion }),
        ["note"] = new JsonArray(new JsonObject { ["text"] = prediction.Citation + (prediction.Doi is { } doi ? $", doi {doi}" : "") }),
    };

    private static JsonObject Observation(CaseReportData data, PredictionInput input, string at)
    {
        var definition = FactorDictionary.Find(input.Name);
        var codings = new JsonArray();

        // Of several codes the first is that of the dictionary's unit: moles and mass of the same substance are different observations.
        if (definition?.Codes.FirstOrDefault(code => code.System == "loinc") is { } loinc) { codings.Add((JsonNode)new JsonObject { ["system"] = "http://loinc.org", ["code"] = loinc.Code }); }
        codings.Add((JsonNode)new JsonObject { ["system"] = FactorSystem, ["code"] = input.Name });
        var observation = new JsonObject
        {
            ["resourceType"] = "Observation",
            ["status"] = "final",
            ["code"] = new JsonObject { ["coding"] = codings, ["text"] = definition?.Label.En ?? input.Name },
            ["subject"] = Subject(data),
            ["issued"] = at,
        };
        if (input.Number is { } number)
        {
            var quantity = new JsonObject { ["value"] = Decimal(number) };
            if (input.Unit is { } unit)
            {
                quantity["unit"] = unit;
                quantity["system"] = "http://unitsofmeasure.org";
                quantity["code"] = unit;
            }
            observation["valueQuantity"] = quantity;
        }
        else
        {
            observation["valueCodeableConcept"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = $"{FactorSystem}:{input.Name}", ["code"] = Code(input.Level ?? "") }),
                ["text"] = definition?.Levels.FirstOrDefault(l => l.Name == input.Level)?.Label.En ?? input.Level,
            };
        }
        return observation;
    }

    private static JsonObject Assessment(CaseReportData data, Prediction prediction, JsonArray basis, string device, string at, string language)
    {
        var answer = new JsonObject { ["outcome"] = new JsonObject { ["text"] = PredictionText.Outcome(prediction.Outcome).In(language) } };
        // FHIR R4: a decimal probability is a percentage, at most 100.
        if (prediction.Probability is { } p) { answer["probabilityDecimal"] = Decimal(p * 100); }
        if (prediction.Band is { } band) { answer["qualitativeRisk"] = new JsonObject { ["text"] = band.In(language) }; }
        if (prediction.OddsRatio is { } ratio && prediction.Probability is null) { answer["qualitativeRisk"] = new JsonObject { ["text"] = FormattableString.Invariant($"odds ratio {ratio:0.####} against the reference patient") }; }
        if (prediction.Outcome.HorizonMonths is { } months)
        {
            answer["whenRange"] = new JsonObject
            {
                ["low"] = Months(0),
                ["high"] = Months(months),
            };
        }
        answer["rationale"] = Rationale(prediction, language);
        var json = new JsonObject
        {
            ["resourceType"] = "RiskAssessment",
            ["identifier"] = new JsonArray(Identifier(CaseSystem, data.CaseId)),
            ["status"] = "final",
            ["method"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = ModelSystem, ["code"] = prediction.ModelId, ["version"] = prediction.ModelVersion }), ["text"] = prediction.ModelTitle.In(language) },
            ["code"] = new JsonObject { ["text"] = ReportWords.In("title", language) },
            ["subject"] = Subject(data),
            ["occurrenceDateTime"] = at,
            ["performer"] = Reference(device),
        };
        if (basis.Count > 0) { json["basis"] = basis.DeepClone(); }
        json["prediction"] = new JsonArray(answer);
        json["note"] = new JsonArray([.. new[] { ReportWords.In("research", language) }.Concat(prediction.Warnings.Select(w => w.In(language))).Concat(prediction.Refusals.Select(r => r.Reason.In(language))).Select(t => (JsonNode)new JsonObject { ["text"] = t })]);
        return json;
    }

    private static JsonObject Report(CaseReportData data, Prediction prediction, JsonArray basis, string device, string at, string language)
    {
        var json = new JsonObject
        {
            ["resourceType"] = "DiagnosticReport",
            ["identifier"] = new JsonArray(Identifier(CaseSystem, data.CaseId)),
            ["status"] = "final",
            ["code"] = new JsonObject { ["text"] = ReportWords.In("title", language) },
            ["subject"] = Subject(data),
            ["effectiveDateTime"] = at,
            ["issued"] = at,
            ["conclusion"] = prediction.Text?.In(language) ?? prediction.Band?.In(language) ?? (prediction.Refusals.Count > 0 ? prediction.Refusals[0].Reason.In(language) : null) ?? ReportWords.In("no-number", language),
        };
        if (basis.Count > 0) { json["result"] = basis.DeepClone(); }
        json["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:bonemet:extension:device", ["valueReference"] = Reference(device) });
        return json;
    }

    private static string Rationale(Prediction prediction, string language)
    {
        var text = new StringBuilder();
        text.Append(ReportWords.In("interval", language)).Append(": ").Append(CaseReport.Interval(prediction.Interval, language)).Append(". ");
        if (prediction.BaseRate is { } rate) { text.Append(ReportWords.In("base-rate", language)).Append(": ").Append(NomogramWords.Percent(rate.Rate)).Append(" (").Append(rate.Label.In(language)).Append("). "); }
        foreach (var point in prediction.Points) { text.Append(FormattableString.Invariant($"{point.Label.In(language)} {point.ValueLabel?.In(language) ?? point.Value}: {point.Points:0.0}; ")); }
        if (prediction.Missing.Count > 0) { text.Append(ReportWords.In("missing", language)).Append(": ").Append(CaseReport.Names(prediction.Missing, language)).Append('.'); }
        return text.ToString().Trim();
    }

    private static JsonObject Months(double months) => new() { ["value"] = Decimal(months), ["unit"] = "mo", ["system"] = "http://unitsofmeasure.org", ["code"] = "mo" };

    private static JsonObject Subject(CaseReportData data) => new() { ["identifier"] = Identifier(CaseSystem, data.CaseId) };

    private static JsonObject Identifier(string system, string value) => new() { ["system"] = system, ["value"] = value };

    private static JsonObject Reference(string url) => new() { ["reference"] = url };

    private static JsonObject Entry(string url, JsonObject resource) => new() { ["fullUrl"] = url, ["resource"] = resource };

    // FHIR decimals have no exponent in most readers; 12 decimals are more than any factor has.
    private static decimal Decimal(double value) => decimal.Round((decimal)value, 12);

    // FHIR codes: no leading, trailing or double white space.
    private static string Code(string level) => string.Join(' ', level.Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } code ? code : "unknown";

    // RFC 9562, version 8: 122 bits of a SHA-256, so that the same case and model have the same addresses.
    private static string Url(string key, string part)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{key}|{part}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(bytes, bigEndian: true)}";
    }
}
