using BoneMet.Hosting;
using BoneMet.Storage;
using BoneMet.Storage.Mongo;
using BoneMet.Storage.Sqlite;

namespace BoneMet.Cli.Platform;

/// <summary>
/// The sites of a data folder, with or without a platform running on it; or of the MongoDB that the services' own settings in the environment name
/// (Storage__Documents, ConnectionStrings__mongodb), as in a cluster.
/// </summary>
internal static class Registry
{
    private const string FirstOperator = "operator";

    public static SiteRegistry Open(string data, bool mayCreate = false)
    {
        if (Setting("Storage__Documents") == nameof(DocumentStoreKind.MongoDb))
        {
            var connection = Setting("ConnectionStrings__mongodb") ?? throw new CliFailure("The variable ConnectionStrings__mongodb is missing.");
            return Of(new MongoDocumentStore(connection, Setting("Storage__Database") ?? new StorageOptions().Database));
        }
        var file = Path.Combine(data, "documents.db");
        if (!mayCreate && !File.Exists(file)) { throw new CliFailure($"{data} is not a data folder of the platform (no documents.db in it): name it with --data."); }

        Directory.CreateDirectory(data);
        return Of(new SqliteDocumentStore(file));
    }

    /// <summary>The operator's key, made at the first start; null when it was made before.</summary>
    public static async Task<string?> FirstKey(string data, CancellationToken cancellation) =>
        (await Open(data, mayCreate: true).Add(FirstOperator, isOperator: true, cancellation))?.Key;

    private static SiteRegistry Of(IDocumentStore documents) => new(documents.Collection<Site>(), TimeProvider.System);

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
