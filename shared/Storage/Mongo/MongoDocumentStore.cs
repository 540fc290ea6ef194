using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;

namespace BoneMet.Storage.Mongo;

/// <summary>
/// Documents in MongoDB: acknowledged by the majority, journal included. Only single-document reads and writes, plain indexes and no
/// transactions, so that FerretDB and DocumentDB serve as well (there, add <c>retryWrites=false</c> to the connection string).
/// </summary>
public sealed class MongoDocumentStore : IDocumentStore, IProbe, IDisposable
{
    private readonly ConcurrentDictionary<Type, object> collections = new();
    private readonly MongoClient client;
    private readonly IMongoDatabase database;

    static MongoDocumentStore() => BsonSerializer.TryRegisterSerializer(new GuidSerializer(GuidRepresentation.Standard));

    public MongoDocumentStore(string connectionString, string databaseName)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        ArgumentException.ThrowIfNullOrEmpty(databaseName);
        var settings = MongoClientSettings.FromConnectionString(connectionString);
        settings.ApplicationName = "bonemet";
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ReadPreference = ReadPreference.Primary;
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(10);
        client = new MongoClient(settings);
        database = client.GetDatabase(databaseName);
    }

    public IDocumentCollection<T> Collection<T>(IReadOnlyDictionary<string, Func<T, string?>>? indexes = null)
        where T : StoredDocument
    {
        lock (collections)
        {
            if (collections.TryGetValue(typeof(T), out var known) && (indexes is null || ((MongoDocumentCollection<T>)known).Declares(indexes))) { return (IDocumentCollection<T>)known; }
            var made = new MongoDocumentCollection<T>(database, indexes ?? new Dictionary<string, Func<T, string?>>());
            collections[typeof(T)] = made;
            return made;
        }
    }

    public Task Probe(CancellationToken cancellation = default) => database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellation);

    public void Dispose() => client.Dispose();
}
