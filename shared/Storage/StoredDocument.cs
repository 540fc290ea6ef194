using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoneMet.Storage;

/// <summary>
/// A document with one version counter. The messages that a change must send are part of the document that changes, so that one
/// single-document write is the transaction; the ids of handled messages are kept as well, so that a redelivery changes nothing.
/// </summary>
public abstract record StoredDocument
{
    /// <summary>Number of handled message ids that are kept per document.</summary>
    public const int HandledLimit = 512;

    public required string Id { get; init; }

    /// <summary>0 until first saved; set by the store, one higher with each save.</summary>
    public long Version { get; init; }
    public IReadOnlyList<OutboxMessage> Outbox { get; init; } = [];
    public IReadOnlyList<string> Handled { get; init; } = [];

    /// <summary>
    /// What a newer version wrote and this one does not know: kept, so that while two versions share the store the older does not undo the newer.
    /// </summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}
