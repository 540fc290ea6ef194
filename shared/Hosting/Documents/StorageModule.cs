using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using BoneMet.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

public static class StorageModule
{
    /// <summary>
    /// Registers <see cref="IDocumentCollection{T}"/>. <paramref name="indexes"/> names the values that queries filter on; give the same ones
    /// in every process that saves this type.
    /// </summary>
    public static void AddDocuments<T>(this IHostApplicationBuilder builder, IReadOnlyDictionary<string, Func<T, string?>>? indexes = null)
        where T : StoredDocument
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IDocumentStore>().Collection(indexes));
    }

    internal static void AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IDocumentStore>(services => services.GetRequiredService<IOptions<StorageOptions>>().Value.Documents switch
        {
            DocumentStoreKind.Sqlite => new SqliteDocumentStore(Path.Combine(Folder(services), "documents.db")),
            var other => throw new InvalidOperationException($"Storage:Documents is {other}, which this build does not offer."),
        });
        builder.Services.AddSingleton<IBlobStore>(services => services.GetRequiredService<IOptions<StorageOptions>>().Value.Blobs switch
        {
            BlobStoreKind.Folder => new FolderBlobStore(Path.Combine(Folder(services), "blobs"), (long)services.GetRequiredService<IOptions<StorageOptions>>().Value.ReserveMiB << 20),
            var other => throw new InvalidOperationException($"Storage:Blobs is {other}, which this build does not offer."),
        });
    }

    private static string Folder(IServiceProvider services) => services.GetRequiredService<IOptions<DataOptions>>().Value.Folder;
}
