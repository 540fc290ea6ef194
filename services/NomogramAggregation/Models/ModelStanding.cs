using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>
/// Which versions of a model answer here. Its id is the model's id; a model without one follows the rule: the newest version answers.
/// A document is never changed when its standing does.
/// </summary>
internal sealed record ModelStanding : StoredDocument
{
    /// <summary>The version that answers; null: the newest that is neither retired nor a challenger.</summary>
    public string? Champion { get; init; }

    /// <summary>The model that is computed beside the champion on the same cases, and never in its place.</summary>
    public ModelReference? Challenger { get; init; }
    public IReadOnlyList<RetiredVersion> Retired { get; init; } = [];
}
