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

    [Fact]
    public async Task Probe_ServerThere_Answers() => await store.Probe();
}
