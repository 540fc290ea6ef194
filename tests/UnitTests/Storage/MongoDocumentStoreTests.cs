using BoneMet.Storage;
using BoneMet.Storage.Mongo;
using MongoDB.Driver;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>Runs where BONEMET_TEST_MONGODB holds the connection string of a MongoDB or FerretDB; skipped by name elsewhere.</summary>
public sealed class MongoDocumentStoreTests : DocumentStoreContract
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("BONEMET_TEST_MONGODB");

    private readonly string database = $"bonemet_test_{Guid.NewGuid():N}";
    private MongoDocumentStore? store;

    private protected override IDocumentStore Store => store!;

    public override ValueTask InitializeAsync()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Server), "needs a MongoDB: set BONEMET_TEST_MONGODB to its connection string");
        store = new MongoDocumentStore(Server!, database);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        if (store is null) { return; }
        store.Dispose();
        using var client = new MongoClient(Server);
        await client.DropDatabaseAsync(database);
    }
}
