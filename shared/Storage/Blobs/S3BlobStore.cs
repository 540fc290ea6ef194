using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// Blobs in an S3 bucket, with a folder on this machine as spool and cache. Content is first spooled while its digest is computed, then sent
/// under that digest: S3 makes an object visible only when it is whole and its SHA-256 agrees, so no temporary key is needed. What is
/// read is checked against its name as it enters the cache.
/// </summary>
public sealed class S3BlobStore(IAmazonS3 s3, string bucket, FolderBlobStore cache, long cacheBytes, int partBytes = S3BlobStore.DefaultPart) : IBlobStore, IProbe
{
    public const int DefaultPart = 64 << 20;

    private const string Prefix = "blobs/";
    private const string ChecksumMetadata = "bonemet-sha256";
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    public async Task<StoredBlob> Put(Stream content, long maxBytes = long.MaxValue, CancellationToken cancellation = default)
    {
        var stored = await cache.Put(content, maxBytes, cancellation);
        if (await Length(stored.Sha256, cancellation) != stored.Length)
        {
            await Send(stored, cancellation);
            var arrived = await Length(stored.Sha256, cancellation);
            if (arrived != stored.Length) { throw new IOException($"The object store holds {arrived?.ToString() ?? "no"} bytes of a blob of {stored.Length}."); }
        }
        Trim(stored.Sha256);
        return stored;
    }

    public PendingBlob Put(IReadOnlyList<ReadOnlyMemory<byte>> content, Func<ComingBlob, BlobNote>? note = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return BlobParts.Unjournaled(content, Put(new MemoryPartsStream(content)), note);
    }

    public Task Recover(Func<ReadOnlyMemory<byte>, Task> settle, CancellationToken cancellation = default) => Task.CompletedTask;

    public Task Prepare(CancellationToken cancellation = default) => Task.CompletedTask;

    public async Task<Stream?> Open(string sha256, CancellationToken cancellation = default) =>
        await Fetch(sha256, cancellation) ? await cache.Open(sha256, cancellation) : null;

    public async Task<string?> LocalPath(string sha256, CancellationToken cancellation = default) =>
        await Fetch(sha256, cancellation) ? await cache.LocalPath(sha256, cancellation) : null;

    public async Task<bool> Exists(string sha256, CancellationToken cancellation = default) => BlobName.IsValid(sha256) && await Length(sha256, cancellation) is not null;

    public async Task Delete(string sha256, CancellationToken cancellation = default)
    {
        if (!BlobName.IsValid(sha256)) { return; }
        await s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = KeyOf(sha256) }, cancellation);
        cache.Evict(sha256);
    }

    public async Task<bool> Verify(string sha256, CancellationToken cancellation = default)
    {
        if (!BlobName.IsValid(sha256)) { return false; }
        using var response = await Get(sha256, cancellation);
        if (response is null) { return false; }
        await using var content = response.ResponseStream;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) == sha256;
    }

    public async Task Probe(CancellationToken cancellation = default)
    {
        await cache.Probe(cancellation);
        await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1, Prefix = Prefix }, cancellation);
    }

    private static string KeyOf(string sha256) => $"{Prefix}{sha256[..2]}/{sha256}";

    private async Task<long?> Length(string sha256, CancellationToken cancellation)
    {
        try
        {
            return (await s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = KeyOf(sha256) }, cancellation)).ContentLength;
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<GetObjectResponse?> Get(string sha256, CancellationToken cancellation)
    {
        try
        {
            return await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = KeyOf(sha256) }, cancellation);
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task Send(StoredBlob blob, CancellationToken cancellation)
    {
        await using var content = await cache.Open(blob.Sha256, cancellation) ?? throw new IOException("The spooled blob disappeared before it was sent.");
        if (blob.Length > partBytes)
        {
            await SendParts(blob, content, cancellation);
            return;
        }
        var request = new PutObjectRequest
        {
            BucketName = bucket, Key = KeyOf(blob.Sha256), InputStream = content, AutoCloseStream = false, UseChunkEncoding = false,
            ContentType = "application/octet-stream", ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(blob.Sha256)),
        };
        await s3.PutObjectAsync(request, cancellation);
    }

    private async Task SendParts(StoredBlob blob, Stream content, CancellationToken cancellation)
    {
        var key = KeyOf(blob.Sha256);
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = "application/octet-stream", ChecksumAlgorithm = ChecksumAlgorithm.SHA256 };
        begin.Metadata.Add(ChecksumMetadata, blob.Sha256);
        var upload = (await s3.InitiateMultipartUploadAsync(begin, cancellation)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            var buffer = new byte[partBytes];
            int read;
            while ((read = await content.ReadAtLeastAsync(buffer, partBytes, throwOnEndOfStream: false, cancellation)) > 0)
            {
                using var part = new MemoryStream(buffer, 0, read);
                var checksum = Convert.ToBase64String(SHA256.HashData(buffer.AsSpan(0, read)));
                var sent = await s3.UploadPartAsync(
                    new UploadPartRequest { BucketName = bucket, Key = key, UploadId = upload, PartNumber = parts.Count + 1, PartSize = read, InputStream = part, UseChunkEncoding = false, ChecksumSHA256 = checksum }, cancellation);
                parts.Add(new PartETag { PartNumber = parts.Count + 1, ETag = sent.ETag, ChecksumSHA256 = checksum });
            }
            await s3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload, PartETags = parts }, cancellation);
        }
        catch
        {
            await s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload }, CancellationToken.None);
            throw;
        }
    }

    private async Task<bool> Fetch(string sha256, CancellationToken cancellation)
    {
        if (!BlobName.IsValid(sha256)) { return false; }
        if (await cache.LocalPath(sha256, cancellation) is { } path)
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return true;
        }
        using var response = await Get(sha256, cancellation);
        if (response is null) { return false; }
        await using var content = response.ResponseStream;
        var fetched = await cache.Put(content, cancellation: cancellation);
        if (fetched.Sha256 != sha256)
        {
            cache.Evict(fetched.Sha256);
            throw new InvalidDataException($"The object store's copy of blob {sha256} is damaged: its digest is {fetched.Sha256}.");
        }
        Trim(sha256);
        return true;
    }

    /// <summary>Removes what was used longest ago while the cache is over its size; never what was used in the last minutes.</summary>
    private void Trim(string keep)
    {
        var files = cache.Files().ToList();
        var surplus = files.Sum(file => file.Length) - cacheBytes;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc))
        {
            if (surplus <= 0 || DateTime.UtcNow - file.LastWriteTimeUtc < InUse) { return; }
            if (file.Name == keep) { continue; }
            surplus -= file.Length;
            cache.Evict(file.Name);
        }
    }
}
