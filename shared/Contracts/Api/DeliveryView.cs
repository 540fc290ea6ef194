namespace BoneMet.Contracts.Api;

/// <summary>A webhook message and what became of it.</summary>
public sealed record DeliveryView
{
    /// <summary>Sent as webhook-id, the same at every attempt.</summary>
    public required string Id { get; init; }
    public required string CaseId { get; init; }

    /// <summary>pending, delivered or given-up.</summary>
    public required string State { get; init; }
    public required int Attempts { get; init; }
    public string? LastResult { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? NextAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}
