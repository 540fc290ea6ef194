using BoneMet.Hosting;
using BoneMet.Storage.Sqlite;

namespace BoneMet.Cli.Platform;

/// <summary>The sites of a data folder, with or without a platform running on it.</summary>
internal static class Registry
{
    private const string FirstOperator = "operator";

    public static SiteRegistry Open(string data, bool mayCreate = false)
    {
        var file = Path.Combine(data, "documents.db");
        if (!mayCreate && !File.Exists(file)) { throw new CliFailure($"{data} is not a data folder of the platform (no documents.db in it): name it with --data."); }

        Directory.CreateDirectory(data);
        return new SiteRegistry(new SqliteDocumentStore(file).Collection<Site>(), TimeProvider.System);
    }

    /// <summary>The operator's key, made at the first start; null when it was made before.</summary>
    public static async Task<string?> FirstKey(string data, CancellationToken cancellation) =>
        (await Open(data, mayCreate: true).Add(FirstOperator, isOperator: true, cancellation))?.Key;
}
