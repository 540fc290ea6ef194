using Amazon.Runtime;
using Amazon.S3;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using Xunit;

namespace BoneMet.UnitTests.Storage;

public sealed class S3BlobStoreTests : BlobStoreContract
{
    private const int Part = 8 << 20;

    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-s3-").FullName;
    private S3Server server = null!;
    private AmazonS3Client client = null!;
    private S3BlobStore blobs = null!;

    private protected override IBlobStore Blobs => blobs;

    public override async ValueTask InitializeAsync()
    {
        server = await S3Server.Start();
        client = new AmazonS3Client(new BasicAWSCredentials("key", "secret"), new AmazonS3Config
        {
            ServiceURL = server.Address.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
        blobs = Store("cache");
    }

    public override async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private protected override IEnumerable<string> Remains() =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, "cache", "tmp")), .. server.Uploads.Keys];

    [Fact]
    public async Task Open_OnAnotherMachine_FetchesAndKeepsACopy()
    {
        var stored = await blobs.Put(new MemoryStream(Bytes(50_000)));
        var elsewhere = Store("elsewhere");
        await using (var content = await elsewhere.Open(stored.Sha256)) { Assert.Equal(50_000, content!.Length); }
        server.Objects.Clear();
        Assert.NotNull(await elsewhere.LocalPath(stored.Sha256));
    }

    [Fact]
    public async Task Open_DamagedObject_SaysSoAndKeepsNothing()
    {
        var stored = await blobs.Put(new MemoryStream(Bytes(50_000)));
        foreach (var key in server.Objects.Keys) { server.Objects[key] = Bytes(49_999); }
        var elsewhere = Store("elsewhere");
        await Assert.ThrowsAsync<InvalidDataException>(() => elsewhere.Open(stored.Sha256));
        Assert.False(await elsewhere.Verify(stored.Sha256));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(folder, "elsewhere"), "*", SearchOption.AllDirectories), _ => true);
    }

    [Fact]
    public async Task Put_ServerRefusesAPart_LeavesNoUploadBehind()
    {
        server.RefusePart = 2;
        await Assert.ThrowsAnyAsync<AmazonServiceException>(() => blobs.Put(new MemoryStream(Bytes(Part * 2))));
        Assert.Empty(server.Uploads);
        Assert.Empty(server.Objects);
        server.RefusePart = 0;
        Assert.True(await blobs.Verify((await blobs.Put(new MemoryStream(Bytes(Part * 2)))).Sha256));
    }

    private S3BlobStore Store(string cache) => new(client, "bucket", new FolderBlobStore(Path.Combine(folder, cache)), cacheBytes: 1 << 30, Part);
}
