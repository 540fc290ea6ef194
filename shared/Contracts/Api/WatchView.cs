namespace BoneMet.Contracts.Api;

/// <summary>A threshold that a site watches.</summary>
public sealed record WatchView
{
    public required string Id { get; init; }
    public required string Site { get; init; }
    public string? CancerType { get; init; }
    public required double Threshold { get; init; }
    public string? Url { get; init; }

    /// <summary>Key of the webhook's signatures (whsec_…); only in the answer that made the watch.</summary>
    public string? Secret { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
