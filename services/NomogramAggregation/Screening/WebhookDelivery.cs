using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>One message to one destination: kept from before the first attempt until after the last, and then as its record.</summary>
internal sealed record WebhookDelivery : StoredDocument
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string GivenUp = "given-up";

    public required string WatchId { get; init; }
    public required string CaseId { get; init; }
    public required string Body { get; init; }
    public required string State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The next attempt; while one runs, the time at which it counts as lost.</summary>
    public required DateTimeOffset NextAt { get; init; }
    public int Attempts { get; init; }

    /// <summary>What the last attempt came to: "204", "503", "no answer in time".</summary>
    public string? LastResult { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}
