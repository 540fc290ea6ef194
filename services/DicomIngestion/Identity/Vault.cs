using System.Collections.Concurrent;
using BoneMet.Dicom.Deidentification;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Identity;

/// <summary>Keeps the way back from pseudonyms to originals, sealed with the site's key.</summary>
internal sealed class Vault(IDocumentCollection<VaultEntry> entries, DeidentificationKey key, TimeProvider clock)
{
    private const int CacheLimit = 100_000;
    private readonly IdentityVault seal = new(key.Value);
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Durable when it returns. What is known already is not written again.</summary>
    public async Task Remember(string kind, string pseudonym, string original, CancellationToken cancellation)
    {
        if (pseudonym.Length == 0 || original.Length == 0 || known.ContainsKey(pseudonym)) { return; }
        if (await entries.Find(pseudonym, cancellation) is null)
        {
            await entries.TrySave(new VaultEntry { Id = pseudonym, Kind = kind, Sealed = seal.Seal(pseudonym, original), At = clock.GetUtcNow() }, cancellation);
        }
        if (known.Count >= CacheLimit) { known.Clear(); }
        known[pseudonym] = true;
    }

    /// <summary>The original; null when this site never saw it.</summary>
    public async Task<string?> Find(string pseudonym, CancellationToken cancellation) =>
        await entries.Find(pseudonym, cancellation) is { } entry ? seal.Open(pseudonym, entry.Sealed) : null;

    /// <summary>Sealed under its pseudonym, for a document that keeps it itself.</summary>
    public string Seal(string pseudonym, string original) => seal.Seal(pseudonym, original);

    public string Open(string pseudonym, string sealedValue) => seal.Open(pseudonym, sealedValue);
}
