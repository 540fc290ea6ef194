using System.Diagnostics;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using BoneMet.Storage.Mongo;
using BoneMet.Storage.Sqlite;
using Microsoft.Extensions.Configuration;
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
        builder.AddValidated<S3Options>(S3Options.Section);
        builder.Services.AddSingleton<IDocumentStore>(services => services.GetRequiredService<IOptions<StorageOptions>>().Value.Documents switch
        {
            DocumentStoreKind.Sqlite => new SqliteDocumentStore(Path.Combine(Folder(services), "documents.db")),
            DocumentStoreKind.MongoDb => Mongo(services),
            var other => throw new UnreachableException($"Storage:Documents is {other}."),
        });
        builder.Services.AddSingleton<IBlobStore>(services => services.GetRequiredService<IOptions<StorageOptions>>().Value.Blobs switch
        {
            BlobStoreKind.Folder => Blobs(services, "blobs"),
            BlobStoreKind.S3 => S3(services, services.GetRequiredService<IOptions<S3Options>>().Value),
            var other => throw new UnreachableException($"Storage:Blobs is {other}."),
        });
    }

    /// <summary>Apart, so that the driver is only loaded where it is used.</summary>
    private static MongoDocumentStore Mongo(IServiceProvider services) => new(
        services.GetRequiredService<IConfiguration>().GetConnectionString("mongodb") ?? throw new InvalidOperationException("ConnectionStrings:mongodb must be set when Storage:Documents is MongoDb."),
        services.GetRequiredService<IOptions<StorageOptions>>().Value.Database);

    private static FolderBlobStore Blobs(IServiceProvider services, string name) =>
        Blobs(Path.Combine(Folder(services), name), services.GetRequiredService<IOptions<StorageOptions>>().Value);

    private static FolderBlobStore Blobs(string folder, StorageOptions options) => new(folder, (long)options.ReserveMiB << 20, (long)options.JournalMiB << 20);

    private static S3BlobStore S3(IServiceProvider services, S3Options options)
    {
        // Checksums are given with each request; the newer defaults of the client are unknown to some servers.
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl is { Length: > 0 } url) { config.ServiceURL = url; }
        else { config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region); }
        var client = options.AccessKey is { Length: > 0 } ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config) : new AmazonS3Client(config);
        return new S3BlobStore(client, options.Bucket, Blobs(services, "blob-cache"), (long)options.CacheMiB << 20);
    }

    private static string Folder(IServiceProvider services) => services.GetRequiredService<IOptions<DataOptions>>().Value.Folder;
}
