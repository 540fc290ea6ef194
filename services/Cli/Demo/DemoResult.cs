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

    /// <summary>The newest prediction, as GET /cases/{id}/prediction gives it; null when there is none.</summary>
    public JsonElement? Prediction { get; init; }
    public required IReadOnlyDictionary<string, string> Artefacts { get; init; }
    public required string TraceId { get; init; }
    public required long ElapsedMs { get; init; }

    public static DemoResult From(CaseView view, DemoInput input, IReadOnlyDictionary<string, string> artefacts, string traceId, long elapsed) => new()
    {
        CaseId = view.Id,
        Synthetic = input.Generated,
        Strands = Strand.All.ToDictionary(strand => strand, strand => view.Strands[strand]),
        Prediction = view.Predictions.Count > 0 ? view.Predictions[^1] : null,
        Artefacts = artefacts,
        TraceId = traceId,
        ElapsedMs = elapsed,
    };
}
