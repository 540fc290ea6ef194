using System.Security.Cryptography;
using BoneMet.Storage;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>What every blob store does. Each implementation runs all of it.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private protected abstract IBlobStore Blobs { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(20_000_001)]
    public async Task Put_AnyLength_IsReadBackUnderItsDigest(int length)
    {
        var bytes = Bytes(length);
        var stored = await Blobs.Put(new MemoryStream(bytes));
        Assert.Equal(new StoredBlob(Convert.ToHexStringLower(SHA256.HashData(bytes)), length), stored);
        Assert.True(await Blobs.Exists(stored.Sha256));
        Assert.True(await Blobs.Verify(stored.Sha256));
        await using var content = await Blobs.Open(stored.Sha256);
        Assert.True(content!.CanSeek);
        Assert.Equal(length, content.Length);
        Assert.Equal(stored.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(content)));
        Assert.Equal(length, new FileInfo((await Blobs.LocalPath(stored.Sha256))!).Length);
    }

    [Fact]
    public async Task Delete_Blob_IsGoneAndTwiceDoesNoHarm()
    {
        var kept = await Blobs.Put(new MemoryStream(Bytes(30)));
        var stored = await Blobs.Put(new MemoryStream(Bytes(31)));
        await Blobs.Delete(stored.Sha256);
        await Blobs.Delete(stored.Sha256);
        await Blobs.Delete("no name of a blob");
        Assert.Null(await Blobs.Open(stored.Sha256));
        Assert.False(await Blobs.Exists(stored.Sha256));
        Assert.True(await Blobs.Verify(kept.Sha256));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public async Task Put_FromMemory_IsNamedAtOnceAndReadBackWhenDurable(int length)
    {
        var bytes = Bytes(length);
        var pending = Blobs.Put([bytes.AsMemory(0, length / 3), bytes.AsMemory(length / 3)]);
        Assert.Equal(new StoredBlob(Convert.ToHexStringLower(SHA256.HashData(bytes)), length), pending.Blob);
        await pending.Durable;
        Assert.True(await Blobs.Verify(pending.Blob.Sha256));
        Assert.Empty(Remains());
    }

    [Fact]
    public async Task Put_SameBytesManyTimesAtOnce_IsOneBlob()
    {
        var bytes = Bytes(300_000);
        var stored = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Blobs.Put(new MemoryStream(bytes)))));
        Assert.Single(stored.Distinct());
        Assert.True(await Blobs.Verify(stored[0].Sha256));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../etc/passwd")]
    [InlineData("ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Open_NoSuchName_IsNull(string name)
    {
        Assert.Null(await Blobs.Open(name));
        Assert.Null(await Blobs.LocalPath(name));
        Assert.False(await Blobs.Exists(name));
        Assert.False(await Blobs.Verify(name));
    }

    [Fact]
    public async Task Put_LongerThanItsLimit_IsRefusedAndNothingRemains()
    {
        var bytes = Bytes(200_000);
        await Assert.ThrowsAsync<BlobTooLargeException>(() => Blobs.Put(new MemoryStream(bytes), maxBytes: 199_999));
        Assert.False(await Blobs.Exists(Convert.ToHexStringLower(SHA256.HashData(bytes))));
        Assert.Empty(Remains());
        Assert.Equal(200_000, (await Blobs.Put(new MemoryStream(bytes), maxBytes: 200_000)).Length);
    }

    [Fact]
    public async Task Put_SourceBreaksOff_NothingRemains()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Blobs.Put(new BreakingStream(500_000)));
        Assert.Empty(Remains());
    }

    /// <summary>Temporary files and keys that are still there.</summary>
    private protected abstract IEnumerable<string> Remains();

    private protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
