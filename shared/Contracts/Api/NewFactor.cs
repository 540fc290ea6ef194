using System.Text.Json;

namespace BoneMet.Contracts.Api;

/// <summary>One clinical factor: a number with its unit, or a level.</summary>
public sealed record NewFactor
{
    public string? Name { get; init; }

    /// <summary>A JSON number, or a string that names a level.</summary>
    public JsonElement Value { get; init; }
    public string? Unit { get; init; }
}
