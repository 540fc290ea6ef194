using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace BoneMet.UnitTests.Storage;

/// <summary>
/// The part of MongoDB's wire protocol and commands that the document store uses, in memory, on loopback: so that the real driver and our
/// queries run where no MongoDB is installed. What it does not know it refuses, so a query that would need more shows itself.
/// </summary>
internal sealed class MongoWireServer : IAsyncDisposable
{
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int HeaderLength = 16;
    private const int DuplicateKey = 11000;
    private const int CommandNotFound = 59;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, SortedDictionary<BsonValue, BsonDocument>> collections = new(StringComparer.Ordinal);
    private readonly Task loop;

    public MongoWireServer()
    {
        listener.Start();
        loop = Accept();
    }

    public string ConnectionString => $"mongodb://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/?directConnection=true";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await loop;
        stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = Serve(client);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        var header = new byte[HeaderLength];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header, stopping.Token);
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - HeaderLength];
                await stream.ReadExactlyAsync(body, stopping.Token);
                var code = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
                await stream.WriteAsync(Reply(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)), code, Run(Request(code, body))), stopping.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // The driver closed the connection, or the test is over.
            return;
        }
    }

    private static BsonDocument Request(int code, byte[] body)
    {
        if (code == OpQuery) { return Read(body, Array.IndexOf(body, (byte)0, 4) + 1 + 8, out _); }
        var at = 4;
        BsonDocument? command = null;
        var sequences = new Dictionary<string, BsonArray>();
        while (at < body.Length)
        {
            if (body[at++] == 0)
            {
                command = Read(body, at, out var length);
                at += length;
                continue;
            }
            var end = at + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at));
            var zero = Array.IndexOf(body, (byte)0, at + 4);
            var items = sequences[System.Text.Encoding.UTF8.GetString(body, at + 4, zero - at - 4)] = [];
            for (at = zero + 1; at < end;)
            {
                items.Add(Read(body, at, out var length));
                at += length;
            }
        }
        foreach (var (name, items) in sequences) { command![name] = items; }
        return command!;
    }

    private static BsonDocument Read(byte[] bytes, int at, out int length)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
        using var reader = new BsonBinaryReader(new MemoryStream(bytes, at, length));
        return BsonSerializer.Deserialize<BsonDocument>(reader);
    }

    private static byte[] Reply(int to, int code, BsonDocument document)
    {
        var bson = document.ToBson();
        var before = code == OpQuery ? 20 : 5;
        var reply = new byte[HeaderLength + before + bson.Length];
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(8), to);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(12), code == OpQuery ? OpReply : OpMsg);
        if (code == OpQuery) { BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(HeaderLength + 16), 1); }
        bson.CopyTo(reply, HeaderLength + before);
        return reply;
    }

    private BsonDocument Run(BsonDocument command)
    {
        lock (collections)
        {
            var verb = command.GetElement(0).Name;
            return verb switch
            {
                "hello" or "isMaster" or "ismaster" => new BsonDocument
                {
                    { "ok", 1 }, { "helloOk", true }, { "isWritablePrimary", true }, { "ismaster", true }, { "maxBsonObjectSize", 16 << 20 }, { "maxMessageSizeBytes", 48_000_000 },
                    { "maxWriteBatchSize", 100_000 }, { "minWireVersion", 0 }, { "maxWireVersion", 17 }, { "localTime", DateTime.UtcNow },
                },
                "ping" or "createIndexes" or "endSessions" => new BsonDocument("ok", 1),
                "insert" => Insert(Of(command, verb), command["documents"].AsBsonArray),
                "update" => Update(Of(command, verb), command["updates"].AsBsonArray),
                "delete" => Delete(Of(command, verb), command["deletes"].AsBsonArray),
                "find" => Find(command),
                "aggregate" => Aggregate(command),
                _ => new BsonDocument { { "ok", 0 }, { "code", CommandNotFound }, { "errmsg", $"no such command: {verb}" } },
            };
        }
    }

    private SortedDictionary<BsonValue, BsonDocument> Of(BsonDocument command, string verb)
    {
        var name = $"{command["$db"]}.{command[verb]}";
        if (!collections.TryGetValue(name, out var documents)) { collections[name] = documents = new(Comparer<BsonValue>.Create((a, b) => string.CompareOrdinal(a.AsString, b.AsString))); }
        return documents;
    }

    private static BsonDocument Insert(SortedDictionary<BsonValue, BsonDocument> documents, BsonArray inserted)
    {
        foreach (var document in inserted.Cast<BsonDocument>())
        {
            if (!documents.TryAdd(document["_id"], document))
            {
                return new BsonDocument { { "ok", 1 }, { "n", 0 }, { "writeErrors", new BsonArray { new BsonDocument { { "index", 0 }, { "code", DuplicateKey }, { "errmsg", "E11000 duplicate key error" } } } } };
            }
        }
        return new BsonDocument { { "ok", 1 }, { "n", inserted.Count } };
    }

    private static BsonDocument Update(SortedDictionary<BsonValue, BsonDocument> documents, BsonArray updates)
    {
        var matched = 0;
        var upserted = new BsonArray();
        foreach (var update in updates.Cast<BsonDocument>())
        {
            var (filter, change) = (update["q"].AsBsonDocument, update["u"].AsBsonDocument);
            if (documents.Values.FirstOrDefault(document => Matches(document, filter)) is { } found)
            {
                matched++;
                if (change.TryGetValue("$set", out var set)) { found.Merge(set.AsBsonDocument, overwriteExistingElements: true); }
                else { documents[found["_id"]] = change; }
            }
            else if (update.GetValue("upsert", false).ToBoolean())
            {
                documents[change["_id"]] = change;
                upserted.Add(new BsonDocument { { "index", 0 }, { "_id", change["_id"] } });
            }
        }
        var reply = new BsonDocument { { "ok", 1 }, { "n", matched + upserted.Count }, { "nModified", matched } };
        if (upserted.Count > 0) { reply["upserted"] = upserted; }
        return reply;
    }

    private static BsonDocument Delete(SortedDictionary<BsonValue, BsonDocument> documents, BsonArray deletes)
    {
        var filter = deletes.Single()["q"].AsBsonDocument;
        var found = documents.Values.FirstOrDefault(document => Matches(document, filter));
        return new BsonDocument { { "ok", 1 }, { "n", found is not null && documents.Remove(found["_id"]) ? 1 : 0 } };
    }

    private BsonDocument Find(BsonDocument command)
    {
        var found = Of(command, "find").Values.Where(document => Matches(document, command.GetValue("filter", new BsonDocument()).AsBsonDocument));
        if (command.TryGetValue("sort", out var sort))
        {
            found = sort.AsBsonDocument.Reverse().Aggregate(found, (rows, key) => key.Value.ToInt32() > 0 ? rows.OrderBy(row => At(row, key.Name)) : rows.OrderByDescending(row => At(row, key.Name)));
        }
        var limit = command.GetValue("limit", 0).ToInt32();
        var batch = new BsonArray((limit == 0 ? found : found.Take(limit)).Select(document => document.DeepClone()));
        return new BsonDocument { { "ok", 1 }, { "cursor", new BsonDocument { { "id", 0L }, { "ns", $"{command["$db"]}.{command["find"]}" }, { "firstBatch", batch } } } };
    }

    /// <summary>Of all pipelines the one that counts: $match, then $group by a field.</summary>
    private BsonDocument Aggregate(BsonDocument command)
    {
        var stages = command["pipeline"].AsBsonArray;
        var (filter, field) = (stages[0]["$match"].AsBsonDocument, stages[1]["$group"]["_id"].AsString[1..]);
        var groups = Of(command, "aggregate").Values.Where(document => Matches(document, filter)).GroupBy(document => At(document, field));
        var batch = new BsonArray(groups.Select(group => new BsonDocument { { "_id", group.Key }, { "count", group.LongCount() } }));
        return new BsonDocument { { "ok", 1 }, { "cursor", new BsonDocument { { "id", 0L }, { "ns", $"{command["$db"]}.{command["aggregate"]}" }, { "firstBatch", batch } } } };
    }

    private static bool Matches(BsonDocument document, BsonDocument filter) => filter.All(condition => condition.Name == "$and"
        ? condition.Value.AsBsonArray.All(part => Matches(document, part.AsBsonDocument))
        : condition.Value is BsonDocument operators
            ? operators.All(compare => At(document, condition.Name) is { IsBsonNull: false } value && compare.Name switch
            {
                "$gt" => value.CompareTo(compare.Value) > 0,
                "$lt" => value.CompareTo(compare.Value) < 0,
                "$exists" => compare.Value.AsBoolean,
                _ => throw new NotSupportedException($"This server does not know {compare.Name}."),
            })
            : At(document, condition.Name).Equals(condition.Value));

    private static BsonValue At(BsonDocument document, string path)
    {
        BsonValue value = document;
        foreach (var name in path.Split('.'))
        {
            if (value is not BsonDocument inner || !inner.TryGetValue(name, out value!)) { return BsonNull.Value; }
        }
        return value;
    }
}
