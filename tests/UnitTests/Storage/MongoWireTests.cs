using BoneMet.Storage;
using BoneMet.Storage.Mongo;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>The MongoDB store with the real driver against a small server of the tests' own; <see cref="MongoDocumentStoreTests"/> runs the same on a real one.</summary>
public sealed class MongoWireTests : DocumentStoreContract
{
    private readonly MongoWireServer server = new();
    private MongoDocumentStore store = null!;

    private protected override IDocumentStore Store => store;

    public override ValueTask InitializeAsync()
    {
        store = new MongoDocumentStore(server.ConnectionString, "bonemet");
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        store.Dispose();
        return server.DisposeAsync();
    }

    [Fact]
    public async Task Collection_IndexDeclaredLater_FindsWhatWasThereBefore()
    {
        await store.Collection<Note>().TrySave(new Note { Id = "a", Site = "x" });
        using var later = new MongoDocumentStore(server.ConnectionString, "bonemet");
        var notes = later.Collection(new Dictionary<string, Func<Note, string?>> { ["site"] = note => note.Site });
        Assert.Single((await notes.Query(new Dictionary<string, string> { ["site"] = "x" })).Items);
    }

    /// <summary>An upgrade in place: the older process knows fewer indexes and keeps saving.</summary>
    [Fact]
    public async Task Query_OlderProcessSavedWithoutTheIndex_FindsTheDocument()
    {
        var kinds = new Dictionary<string, Func<Note, string?>> { ["site"] = note => note.Site, ["kind"] = note => note.Kind };
        using var newer = new MongoDocumentStore(server.ConnectionString, "bonemet");
        var (old, later) = (store.Collection(new Dictionary<string, Func<Note, string?>> { ["site"] = note => note.Site }), newer.Collection(kinds));
        await later.TrySave(new Note { Id = "a", Site = "x", Kind = "k" });
        await old.TrySave((await old.Find("a"))! with { Kind = "l" });
        await old.TrySave(new Note { Id = "b", Site = "x", Kind = "l" });
        Assert.Equal(["a", "b"], (await later.Query(new Dictionary<string, string> { ["kind"] = "l" })).Items.Select(note => note.Id));
        Assert.Equal(["a", "b"], (await old.Query(new Dictionary<string, string> { ["site"] = "x" })).Items.Select(note => note.Id));
        Assert.Empty((await later.Query(new Dictionary<string, string> { ["kind"] = "k" })).Items);
    }

    [Fact]
    public async Task Probe_ServerThere_Answers() => await store.Probe();
}
