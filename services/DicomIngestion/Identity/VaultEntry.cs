using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Identity;

/// <summary>An original, sealed, under what stands for it outside: a patient's pseudonym, a study's or series' new UID. Never leaves the site.</summary>
internal sealed record VaultEntry : StoredDocument
{
    /// <summary>patient, study, series, accession or instance.</summary>
    public required string Kind { get; init; }
    public required string Sealed { get; init; }
    public required DateTimeOffset At { get; init; }
}
