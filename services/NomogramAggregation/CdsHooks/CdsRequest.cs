using System.Text.Json;

namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>What a CDS client sends (CDS Hooks 2.0, "HTTP Request"). The context holds the client's ids of user and patient: neither is read, kept or logged.</summary>
internal sealed record CdsRequest
{
    public string? Hook { get; init; }
    public string? HookInstance { get; init; }
    public JsonElement? Context { get; init; }
    public IReadOnlyDictionary<string, JsonElement>? Prefetch { get; init; }
}
