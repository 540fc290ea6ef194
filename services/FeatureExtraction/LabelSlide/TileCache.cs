using System.Security.Cryptography;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>
/// Embeddings of tiles that were computed before: a label with a new head, or of another case with the same slide, then needs neither tiling nor inference. What is missing or damaged is
/// computed again; losing the cache costs time and nothing else.
/// </summary>
internal sealed class TileCache(IDocumentCollection<CachedTiles> entries, IBlobStore blobs, IOptions<InferenceOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan UseIsTold = TimeSpan.FromHours(1);

    public bool IsOn => options.Value.TileCacheMiB > 0;

    public async Task<EncodedTiles?> Find(string key, int length, CancellationToken cancellation)
    {
        if (!IsOn) { return null; }
        var entry = await entries.Find(key, cancellation);
        var tiles = entry is null ? null : await Read(entry, length, cancellation);
        InferenceMetrics.TileCache(entry is null ? "miss" : tiles is null ? "damaged" : "hit");
        var now = clock.GetUtcNow();
        // Whoever is first tells the use; losing that race does no harm.
        if (tiles is not null && now - entry!.UsedAt > UseIsTold) { await entries.TrySave(entry with { UsedAt = now }, cancellation); }
        return tiles;
    }

    public async Task Put(string key, EncodedTiles tiles, CancellationToken cancellation)
    {
        if (!IsOn) { return; }
        using var content = new MemoryStream(CachedTilesFile.Write(key, tiles));
        var blob = await blobs.Put(content, cancellation: cancellation);
        var now = clock.GetUtcNow();
        var version = (await entries.Find(key, cancellation))?.Version ?? 0;
        await entries.TrySave(new CachedTiles { Id = key, Version = version, Blob = blob.Sha256, Bytes = blob.Length, Provider = tiles.Provider, CreatedAt = now, UsedAt = now }, cancellation);
    }

    /// <summary>Removes what is too old, then what was used longest ago until the rest fits; returns how many entries went.</summary>
    public async Task<int> Sweep(CancellationToken cancellation)
    {
        var all = new List<CachedTiles>();
        string? after = null;
        do
        {
            var page = await entries.Query(after: after, limit: 500, cancellation: cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        var (room, oldest, removed) = ((long)options.Value.TileCacheMiB << 20, clock.GetUtcNow() - TimeSpan.FromDays(options.Value.TileCacheDays), 0);
        var kept = 0L;
        foreach (var entry in all.OrderByDescending(entry => entry.UsedAt))
        {
            if (entry.UsedAt >= oldest && kept + entry.Bytes <= room)
            {
                kept += entry.Bytes;
                continue;
            }
            // The blob goes first: an entry without its blob is computed again, a blob without its entry would stay for ever.
            await blobs.Delete(entry.Blob, cancellation);
            if (await entries.Delete(entry.Id, entry.Version, cancellation)) { removed++; }
        }
        InferenceMetrics.TileCacheSize(kept);
        return removed;
    }

    private async Task<EncodedTiles?> Read(CachedTiles entry, int length, CancellationToken cancellation)
    {
        await using var stream = await blobs.Open(entry.Blob, cancellation);
        if (stream is null) { return null; }
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == entry.Blob ? CachedTilesFile.Read(bytes, entry.Id, length, entry.Provider) : null;
    }
}
