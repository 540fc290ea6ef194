using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>
/// The built-in models of one release of the software, kept so that a prediction made with them can be computed again when later releases
/// ship others. Its id is a digest of them.
/// </summary>
internal sealed record KeptLibrary : StoredDocument
{
    public required IReadOnlyList<KeptModel> Models { get; init; }
    public required DateTimeOffset At { get; init; }
}
