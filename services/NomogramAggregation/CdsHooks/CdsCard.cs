namespace BoneMet.NomogramAggregation.CdsHooks;

/// <summary>A card (CDS Hooks 2.0, "Card Attributes").</summary>
internal sealed record CdsCard
{
    public required string Uuid { get; init; }

    /// <summary>One sentence of fewer than 140 characters.</summary>
    public required string Summary { get; init; }

    /// <summary>GitHub-flavoured Markdown.</summary>
    public required string Detail { get; init; }

    /// <summary>info, warning or critical.</summary>
    public required string Indicator { get; init; }
    public required CdsSource Source { get; init; }
}
