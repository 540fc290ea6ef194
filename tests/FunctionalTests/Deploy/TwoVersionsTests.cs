using BoneMet.FunctionalTests.Support;
using BoneMet.Storage;
using BoneMet.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BoneMet.FunctionalTests.Deploy;

/// <summary>
/// An upgrade in place: processes of the old and of the new version work on one store at once, then the new one is rolled back. Two stores on
/// one file are two processes: each has its own connections and its own queue of writes.
/// </summary>
public sealed class TwoVersionsTests
{
    private static class Old
    {
        public static readonly Dictionary<string, Func<Shipment, string?>> Indexes = new() { ["owner"] = shipment => shipment.Owner };

        public sealed record Shipment : StoredDocument
        {
            public required string Owner { get; init; }
            public int Changes { get; init; }
        }
    }

    private static class New
    {
        public static readonly Dictionary<string, Func<Shipment, string?>> Indexes = new() { ["owner"] = shipment => shipment.Owner, ["size"] = shipment => shipment.Changes > 1 ? "large" : "small" };

        public sealed record Shipment : StoredDocument
        {
            public required string Owner { get; init; }
            public int Changes { get; init; }
            public string? Note { get; init; }
        }
    }

    [Fact]
    public async Task NewIndex_OldProcessKeepsSaving_NewProcessFindsEverything()
    {
        using var folder = new TemporaryFolder();
        await using var oldStore = new SqliteDocumentStore(folder.Of("documents.db"));
        var old = oldStore.Collection(Old.Indexes);
        var first = (await old.TrySave(new Old.Shipment { Id = "a", Owner = "x" }))!;

        await using var newStore = new SqliteDocumentStore(folder.Of("documents.db"));
        var later = newStore.Collection(New.Indexes);
        Assert.Equal(["a"], await Ids(later, "small"));
        await old.TrySave(new Old.Shipment { Id = "b", Owner = "x" });
        await old.TrySave(first with { Changes = 2 });
        await later.TrySave(new New.Shipment { Id = "c", Owner = "y", Changes = 3 });

        Assert.Equal(["b"], await Ids(later, "small"));
        Assert.Equal(["a", "c"], await Ids(later, "large"));
        Assert.Equal(["a", "b"], (await old.Query(new Dictionary<string, string> { ["owner"] = "x" })).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task NewField_OldProcessSavesTheDocument_FieldIsKept()
    {
        using var folder = new TemporaryFolder();
        await using var oldStore = new SqliteDocumentStore(folder.Of("documents.db"));
        await using var newStore = new SqliteDocumentStore(folder.Of("documents.db"));
        var (old, later) = (oldStore.Collection(Old.Indexes), newStore.Collection(New.Indexes));
        await later.TrySave(new New.Shipment { Id = "a", Owner = "x", Note = "handle with care" });
        await old.TrySave((await old.Find("a"))! with { Changes = 5 });
        var read = (await later.Find("a"))!;
        Assert.Equal(("handle with care", 5, 2L), (read.Note, read.Changes, read.Version));
    }

    /// <summary>A store of version 0.1.0 knows nothing of all this: its own statements, as it wrote them, while this version works on the file.</summary>
    [Fact]
    public async Task FirstRelease_StatementsOfThatTime_AreFollowed()
    {
        using var folder = new TemporaryFolder();
        await using var store = new SqliteDocumentStore(folder.Of("documents.db"));
        var shipments = store.Collection(New.Indexes);
        await shipments.TrySave(new New.Shipment { Id = "a", Owner = "x" });
        await using (var connection = new SqliteConnection($"Data Source={folder.Of("documents.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                BEGIN IMMEDIATE;
                UPDATE "shipment" SET version = 2, pending = NULL, body = '{"id":"a","version":2,"owner":"z","changes":9}' WHERE id = 'a' AND version = 1;
                DELETE FROM "shipment~index" WHERE id = 'a';
                INSERT OR REPLACE INTO "shipment~index" (id, name, value) VALUES ('a', 'owner', 'z');
                INSERT INTO "shipment" (id, version, pending, body) VALUES ('b', 1, NULL, '{"id":"b","version":1,"owner":"z","changes":0}') ON CONFLICT (id) DO NOTHING;
                INSERT OR REPLACE INTO "shipment~index" (id, name, value) VALUES ('b', 'owner', 'z');
                COMMIT;
                """;
            await command.ExecuteNonQueryAsync();
        }
        Assert.Equal(["a"], await Ids(shipments, "large"));
        Assert.Equal(["b"], await Ids(shipments, "small"));
        Assert.Equal(["a", "b"], (await shipments.Query(new Dictionary<string, string> { ["owner"] = "z" })).Items.Select(item => item.Id));
    }

    [Fact]
    public async Task BothVersionsAtOnce_ThenRolledBack_NothingIsLostOrDoubled()
    {
        const int Each = 150;
        using var folder = new TemporaryFolder();
        await using var oldStore = new SqliteDocumentStore(folder.Of("documents.db"));
        await using (var newStore = new SqliteDocumentStore(folder.Of("documents.db")))
        {
            var (old, later) = (oldStore.Collection(Old.Indexes), newStore.Collection(New.Indexes));
            await Task.WhenAll(
                Task.Run(() => Write(Each, number => old.TrySave(new Old.Shipment { Id = $"old-{number:000}", Owner = "x" }))),
                Task.Run(() => Write(Each, number => later.TrySave(new New.Shipment { Id = $"new-{number:000}", Owner = "x", Note = "n" }))),
                Task.Run(() => Write(Each, async _ => (await later.Query(new Dictionary<string, string> { ["size"] = "small" }, limit: 1000)).Items)));
            Assert.Equal(2 * Each, (await Ids(later, "small")).Count);
        }
        var after = oldStore.Collection(Old.Indexes);
        Assert.Equal(2 * Each, (await after.Query(new Dictionary<string, string> { ["owner"] = "x" }, limit: 1000)).Items.Count);
        Assert.NotNull(await after.TrySave((await after.Find("new-000"))! with { Changes = 1 }));
    }

    private static async Task<List<string>> Ids(IDocumentCollection<New.Shipment> shipments, string size) =>
        [.. (await shipments.Query(new Dictionary<string, string> { ["size"] = size }, limit: 1000)).Items.Select(item => item.Id)];

    private static async Task Write<T>(int times, Func<int, Task<T>> act)
    {
        for (var number = 0; number < times; number++) { Assert.NotNull(await act(number)); }
    }
}
