using System.Diagnostics;
using BoneMet.Storage;
using BoneMet.Storage.Sqlite;
using Xunit;

namespace BoneMet.UnitTests.Storage;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-sqlite-").FullName;
    private SqliteDocumentStore store = null!;

    private protected override IDocumentStore Store => store;

    public override ValueTask InitializeAsync()
    {
        store = new SqliteDocumentStore(File);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string File => Path.Combine(folder, "documents.db");

    [Fact]
    public async Task Collection_IndexDeclaredLater_FindsWhatWasThereBefore()
    {
        await store.Collection<Note>().TrySave(new Note { Id = "a", Site = "x" });
        await store.DisposeAsync();
        store = new SqliteDocumentStore(File);
        var notes = store.Collection(new Dictionary<string, Func<Note, string?>> { ["site"] = note => note.Site });
        Assert.Single((await notes.Query(new Dictionary<string, string> { ["site"] = "x" })).Items);
    }

    [Fact]
    public async Task TwoStores_OnOneFile_SeeEachOthersSaves()
    {
        await using var other = new SqliteDocumentStore(File);
        var here = store.Collection<Note>();
        var there = other.Collection<Note>();
        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 50).Select(i => here.TrySave(new Note { Id = $"h{i}" }))),
            Task.WhenAll(Enumerable.Range(0, 50).Select(i => there.TrySave(new Note { Id = $"t{i}" }))));
        var first = await here.Find("t7");
        Assert.NotNull(await here.TrySave(first! with { Site = "here" }));
        Assert.Null(await there.TrySave(first with { Site = "there" }));
        Assert.Equal(100, (await there.Query(limit: 1000)).Items.Count);
    }

    [Fact]
    public async Task TrySave_ThousandAtOnce_ShareTheirFlushes()
    {
        var notes = store.Collection<Note>();
        await notes.TrySave(new Note { Id = "warm" });
        var one = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++) { await notes.TrySave(new Note { Id = $"one-{i}" }); }
        var each = one.Elapsed / 20;
        var many = Stopwatch.StartNew();
        var saved = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => notes.TrySave(new Note { Id = $"many-{i}" })));
        Assert.All(saved, Assert.NotNull);
        Assert.True(many.Elapsed < each * 1000, $"1000 together took {many.Elapsed}, one alone {each}");
    }

    [Fact]
    public async Task Save_ThatCannotBeWritten_TakesNoNeighbourWithIt()
    {
        var notes = store.Collection<Note>();
        var good = Enumerable.Range(0, 20).Select(i => notes.TrySave(new Note { Id = $"good-{i}" })).ToList();
        var bad = store.Write(_ => throw new InvalidOperationException("bad"));
        good.AddRange(Enumerable.Range(20, 20).Select(i => notes.TrySave(new Note { Id = $"good-{i}" })));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        var saved = await Task.WhenAll(good);
        Assert.All(saved, Assert.NotNull);
        Assert.Equal(40, (await notes.Query()).Items.Count);
    }

    [Fact]
    public async Task File_Full_SaysSoAndKeepsWhatWasThere()
    {
        var notes = store.Collection<Note>();
        await notes.TrySave(new Note { Id = "kept", Site = "kept" });
        await using (var limited = new SqliteDocumentStore(File, largestPages: 40))
        {
            var collection = limited.Collection<Note>();
            await Assert.ThrowsAsync<DiskFullException>(() => collection.TrySave(new Note { Id = "huge", Site = new string('x', 1 << 20) }));
            Assert.Null(await collection.Find("huge"));
            Assert.Equal("kept", (await collection.Find("kept"))!.Site);
            Assert.NotNull(await collection.TrySave(new Note { Id = "small" }));
        }
    }
}
