using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using Xunit;

namespace BoneMet.UnitTests.Storage;

public sealed class FolderBlobStoreTests : BlobStoreContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-blobs-").FullName;
    private FolderBlobStore blobs = null!;

    private protected override IBlobStore Blobs => blobs;

    public override ValueTask InitializeAsync()
    {
        blobs = new FolderBlobStore(folder);
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private protected override IEnumerable<string> Remains() => Directory.EnumerateFiles(Path.Combine(folder, "tmp"));

    [Fact]
    public async Task Verify_BytesChangedOnDisk_IsFalse()
    {
        var stored = await blobs.Put(new MemoryStream(Bytes(1000)));
        await File.WriteAllBytesAsync((await blobs.LocalPath(stored.Sha256))!, Bytes(999));
        Assert.False(await blobs.Verify(stored.Sha256));
    }

    [Fact]
    public async Task Put_BlobThatExists_LeavesItsFileUntouched()
    {
        var stored = await blobs.Put(new MemoryStream(Bytes(1000)));
        var path = (await blobs.LocalPath(stored.Sha256))!;
        var before = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, before);
        await blobs.Put(new MemoryStream(Bytes(1000)));
        Assert.Equal(before, File.GetLastWriteTimeUtc(path));
        Assert.Empty(Remains());
    }

    [Fact]
    public async Task Put_BelowTheReserve_IsRefusedAndNothingRemains()
    {
        var full = new FolderBlobStore(folder, reserveBytes: long.MaxValue);
        var fault = await Assert.ThrowsAsync<DiskFullException>(() => full.Put(new MemoryStream(Bytes(10))));
        Assert.Contains("reserve", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Remains());
        await Assert.ThrowsAsync<DiskFullException>(() => full.Probe());
    }

    [Fact]
    public void Start_LeftoversOfACrash_AreRemoved_ButNotWhatIsBeingWritten()
    {
        var temporary = Path.Combine(folder, "tmp");
        File.WriteAllText(Path.Combine(temporary, "left"), "half");
        using (new FileStream(Path.Combine(temporary, "held"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            _ = new FolderBlobStore(folder);
            Assert.Equal(["held"], Remains().Select(Path.GetFileName));
        }
    }
}
