using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BoneMet.Contracts.Api;
using BoneMet.Contracts.Events;

namespace BoneMet.Cli.Demo;

/// <summary>The one JSON object that `bonemet demo --json` prints.</summary>
internal sealed record DemoResult
{
    public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public required string CaseId { get; init; }

    /// <summary>Strands that were generated in code: synthetic, not a patient.</summary>
    public required IReadOnlyList<string> Synthetic { get; init; }
    public required IReadOnlyDictionary<string, StrandView> Strands { get; init; }

    /// <summary>The newest prediction: the same input gives the same bytes; null when there is none.</summary>
    public JsonElement? Prediction { get; init; }

    /// <summary>The prediction's id within its case, and when it was made.</summary>
    public string? PredictionId { get; init; }
    public DateTimeOffset? PredictedAt { get; init; }
    public required IReadOnlyDictionary<string, string> Artefacts { get; init; }
    public required string TraceId { get; init; }
    public required long ElapsedMs { get; init; }

    public static DemoResult From(CaseView view, DemoInput input, IReadOnlyDictionary<string, string> artefacts, string traceId, long elapsed)
    {
        JsonElement? newest = view.Predictions.Count > 0 ? view.Predictions[^1] : null;
        return new DemoResult
        {
            CaseId = view.Id,
            Synthetic = input.Generated,
            Strands = Strand.All.ToDictionary(strand => strand, strand => view.Strands[strand]),
            Prediction = newest is { } prediction ? Reproducible(prediction) : null,
            PredictionId = newest?.GetProperty("predictionId").GetString(),
            PredictedAt = newest?.GetProperty("at").GetDateTimeOffset(),
            Artefacts = artefacts,
            TraceId = traceId,
            ElapsedMs = elapsed,
        };
    }

    private static JsonElement Reproducible(JsonElement prediction) =>
        JsonSerializer.SerializeToElement(prediction.EnumerateObject().Where(property => property.Name is not ("predictionId" or "at")).ToDictionary(property => property.Name, property => property.Value));
}
