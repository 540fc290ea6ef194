using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;

namespace BoneMet.Storage.Mongo;

/// <summary>
/// One collection: <c>{_id, version, pending, index: {name: value}, indexed: {name: true}, body}</c>. The body is the JSON text itself: BSON has
/// other numbers and dates than JSON, and a document must come back to the last bit. <c>indexed</c> says which indexes were filled: a process of
/// an older version, which does not know them all, replaces the record without them, and the next query of a newer one fills them.
/// </summary>
internal sealed class MongoDocumentCollection<T>(IMongoDatabase database, IReadOnlyDictionary<string, Func<T, string?>> indexes) : IDocumentCollection<T>
    where T : StoredDocument
{
    private const string Id = "_id";
    private const string Version = "version";
    private const string Pending = "pending";
    private const string Index = "index";
    private const string Indexed = "indexed";
    private const string Body = "body";
    private const int LargestPage = 1000;
    private static readonly FilterDefinitionBuilder<BsonDocument> Where = Builders<BsonDocument>.Filter;

    private readonly IMongoCollection<BsonDocument> documents = database.GetCollection<BsonDocument>(CollectionName.Of(typeof(T)));
    private readonly Lock preparing = new();
    private Task? preparation;

    public bool Declares(IReadOnlyDictionary<string, Func<T, string?>> others) => others.Keys.All(indexes.ContainsKey);

    public async Task<T?> Find(string id, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var found = await documents.Find(Where.Eq(Id, id)).FirstOrDefaultAsync(cancellation);
        return found is null ? null : Document(found);
    }

    public async Task<T?> TrySave(T document, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrEmpty(document.Id);
        await Prepare(cancellation);
        var saved = document with { Version = document.Version + 1 };
        var record = new BsonDocument { { Id, saved.Id }, { Version, saved.Version }, { Index, IndexOf(saved, new BsonDocument()) }, { Indexed, IndexedWith(new BsonDocument()) }, { Body, DocumentBody.Write(saved) } };
        if (DocumentBody.Pending(saved) is { } ticks) { record.Add(Pending, ticks); }
        if (!await Write(document.Version, record, cancellation)) { return null; }
        CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
        return saved;
    }

    public async Task<bool> Delete(string id, long version, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var result = await documents.DeleteOneAsync(Where.Eq(Id, id) & Where.Eq(Version, version), cancellation);
        return result.DeletedCount == 1;
    }

    public async Task<DocumentPage<T>> Query(
        IReadOnlyDictionary<string, string>? equal = null, string? after = null, int limit = 100, bool descending = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LargestPage);
        await Prepare(cancellation);
        var filter = Where.Empty;
        foreach (var (name, value) in equal ?? new Dictionary<string, string>())
        {
            Require(name, nameof(equal));
            filter &= Where.Eq($"{Index}.{name}", value);
        }
        if (equal is { Count: > 0 }) { await CatchUp(equal.Keys, cancellation); }
        if (after is not null) { filter &= descending ? Where.Lt(Id, after) : Where.Gt(Id, after); }
        var order = descending ? Builders<BsonDocument>.Sort.Descending(Id) : Builders<BsonDocument>.Sort.Ascending(Id);
        var found = await documents.Find(filter).Sort(order).Limit(limit + 1).ToListAsync(cancellation);
        var items = found.Take(limit).Select(Document).ToList();
        return new DocumentPage<T>(items, found.Count > limit ? items[^1].Id : null);
    }

    public async Task<IReadOnlyDictionary<string, long>> CountBy(string index, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        Require(index, nameof(index));
        await Prepare(cancellation);
        await CatchUp([index], cancellation);
        var groups = await documents.Aggregate()
            .Match(Where.Exists($"{Index}.{index}"))
            .Group(new BsonDocument { { Id, $"${Index}.{index}" }, { "count", new BsonDocument("$sum", 1L) } })
            .ToListAsync(cancellation);
        return groups.ToDictionary(group => group[Id].AsString, group => group["count"].ToInt64(), StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<string>> WithOutbox(int limit, CancellationToken cancellation = default)
    {
        await Prepare(cancellation);
        var order = Builders<BsonDocument>.Sort.Ascending(Pending).Ascending(Id);
        var found = await documents.Find(Where.Gt(Pending, 0L)).Sort(order).Limit(limit).Project(Builders<BsonDocument>.Projection.Include(Id)).ToListAsync(cancellation);
        return found.ConvertAll(document => document[Id].AsString);
    }

    private void Require(string index, string parameter)
    {
        if (!indexes.ContainsKey(index)) { throw new ArgumentException($"{typeof(T).Name} declares no index '{index}'.", parameter); }
    }

    private async Task<bool> Write(long version, BsonDocument record, CancellationToken cancellation)
    {
        if (version > 0)
        {
            var result = await documents.ReplaceOneAsync(Where.Eq(Id, record[Id].AsString) & Where.Eq(Version, version), record, cancellationToken: cancellation);
            return result.MatchedCount == 1;
        }
        try
        {
            await documents.InsertOneAsync(record, cancellationToken: cancellation);
            return true;
        }
        catch (MongoWriteException fault) when (fault.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    private Task Prepare(CancellationToken cancellation)
    {
        lock (preparing)
        {
            if (preparation is null or { IsFaulted: true } or { IsCanceled: true }) { preparation = MakeIndexes(); }
            return preparation.WaitAsync(cancellation);
        }
    }

    private Task<IEnumerable<string>> MakeIndexes()
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        return documents.Indexes.CreateManyAsync(
        [
            new(keys.Ascending(Pending).Ascending(Id)),
            .. indexes.Keys.SelectMany(name => (CreateIndexModel<BsonDocument>[])[new(keys.Ascending($"{Index}.{name}").Ascending(Id)), new(keys.Ascending($"{Indexed}.{name}"))]),
        ]);
    }

    /// <summary>Fills these indexes for documents that were saved without them.</summary>
    private async Task CatchUp(IEnumerable<string> names, CancellationToken cancellation)
    {
        foreach (var name in names)
        {
            using var left = await documents.Find(Where.Eq<BsonValue>($"{Indexed}.{name}", BsonNull.Value)).ToCursorAsync(cancellation);
            while (await left.MoveNextAsync(cancellation))
            {
                foreach (var record in left.Current)
                {
                    // Saved again meanwhile: then whoever saved it filled what it knows.
                    var values = Builders<BsonDocument>.Update
                        .Set(Index, IndexOf(Document(record), record.GetValue(Index, new BsonDocument()).AsBsonDocument))
                        .Set(Indexed, IndexedWith(record.GetValue(Indexed, new BsonDocument()).AsBsonDocument));
                    await documents.UpdateOneAsync(Where.Eq(Id, record[Id].AsString) & Where.Eq(Version, record[Version].AsInt64), values, cancellationToken: cancellation);
                }
            }
        }
    }

    /// <summary>The values of our indexes, and those of others that the record has already.</summary>
    private BsonDocument IndexOf(T document, BsonDocument others)
    {
        var values = new BsonDocument(others.Where(element => !indexes.ContainsKey(element.Name)));
        foreach (var (name, value) in indexes)
        {
            if (value(document) is { } text) { values.Add(name, text); }
        }
        return values;
    }

    private BsonDocument IndexedWith(BsonDocument others)
    {
        var names = new BsonDocument(others.Where(element => !indexes.ContainsKey(element.Name)));
        foreach (var name in indexes.Keys) { names.Add(name, true); }
        return names;
    }

    private static T Document(BsonDocument record) => JsonSerializer.Deserialize<T>(record[Body].AsString, DocumentJson.Options)! with { Version = record[Version].AsInt64 };
}
