using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;

namespace BoneMet.Cohorts.Studies;

/// <summary>What a study found.</summary>
public sealed class StudyResult
{
    internal StudyResult(JsonObject json, FittedModel? model)
    {
        Json = json;
        Model = model;
    }

    /// <summary>All numbers, with the key names of the R reference.</summary>
    public JsonObject Json { get; }

    /// <summary>Sentences that belong to every use of the result.</summary>
    public IReadOnlyList<string> Warnings => [.. (Json["warnings"] as JsonArray ?? []).Select(w => w!["text"]!.GetValue<string>())];

    /// <summary>Whether the study fitted one model that can be published.</summary>
    public bool HasModel => Model is not null;

    /// <summary>Models by cancer type that an atlas made, each publishable by itself.</summary>
    public IReadOnlyDictionary<string, StudyResult> TypeResults => Types.Where(t => t.Result is not null).ToDictionary(t => t.Type, t => t.Result!);

    internal FittedModel? Model { get; }

    internal IReadOnlyList<TypeModel> Types { get; init; } = [];

    /// <summary>The JSON as text; the same study of the same data gives the same bytes.</summary>
    public string ToText() => Json.ToJsonString(Studies.Json.Options);
}
