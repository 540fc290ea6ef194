using System.Runtime.InteropServices;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>Labels as documents, embeddings as blobs.</summary>
internal sealed class LabelStore(IDocumentCollection<LabelRecord> documents, IBlobStore blobs)
{
    public Task<LabelRecord?> Find(string id, CancellationToken cancellation) => documents.Find(id, cancellation);

    /// <summary>Stores a record unless its key is taken; returns the one that is stored, which is the one to publish.</summary>
    public async Task<LabelRecord> Keep(LabelRecord record, CancellationToken cancellation) =>
        await documents.TrySave(record, cancellation)
        ?? await documents.Find(record.Id, cancellation)
        ?? throw new InvalidOperationException("A label was neither saved nor found; it is computed again.");

    /// <summary>Writes an embedding as float32, little endian; returns the blob's name.</summary>
    public async Task<string> PutEmbedding(float[] embedding, CancellationToken cancellation)
    {
        using var content = new MemoryStream(MemoryMarshal.AsBytes<float>(embedding).ToArray());
        return (await blobs.Put(content, cancellation: cancellation)).Sha256;
    }

    /// <summary>Reads an embedding; null when it is not in the store any more.</summary>
    public async Task<float[]?> Embedding(string? name, CancellationToken cancellation)
    {
        if (name is null) { return null; }
        await using var stream = await blobs.Open(name, cancellation);
        if (stream is null) { return null; }
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellation);
        return MemoryMarshal.Cast<byte, float>(content.ToArray()).ToArray();
    }

    /// <summary>Stores pictures; returns their blobs' names by theirs.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PutPictures(IReadOnlyDictionary<string, byte[]> pictures, CancellationToken cancellation)
    {
        var stored = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, bytes) in pictures)
        {
            using var content = new MemoryStream(bytes);
            stored[name] = (await blobs.Put(content, cancellation: cancellation)).Sha256;
        }
        return stored;
    }

    /// <summary>The latest label of each strand of a case.</summary>
    public async Task<IReadOnlyList<LabelRecord>> Latest(string caseId, CancellationToken cancellation)
    {
        var latest = new SortedDictionary<string, LabelRecord>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            var page = await documents.Query(new Dictionary<string, string> { [LabelRecord.Case] = caseId }, after, cancellation: cancellation);
            foreach (var record in page.Items)
            {
                if (!latest.TryGetValue(record.Step, out var known) || record.At > known.At) { latest[record.Step] = record; }
            }
            after = page.Next;
        }
        while (after is not null);
        return [.. latest.Values];
    }
}
