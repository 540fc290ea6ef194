using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>A model document that was published to this platform. Its id is the model's id and version; it is never changed.</summary>
internal sealed record PublishedModel : StoredDocument
{
    public required string Json { get; init; }
    public required string Sha256 { get; init; }
    public required DateTimeOffset At { get; init; }
}
