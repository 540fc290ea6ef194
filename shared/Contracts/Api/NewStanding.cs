namespace BoneMet.Contracts.Api;

/// <summary>PUT /api/v1/models/{id}/standing: which versions answer.</summary>
public sealed record NewStanding
{
    /// <summary>The version that answers; left out: the newest that is neither retired nor a challenger.</summary>
    public string? Champion { get; init; }

    /// <summary>A version, or "id@version" of another model, that is computed beside the champion.</summary>
    public string? Challenger { get; init; }
    public IReadOnlyList<NewRetirement>? Retired { get; init; }
}
