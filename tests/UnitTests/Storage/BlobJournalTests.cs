using System.Security.Cryptography;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>Small blobs through the journal: whole when acknowledged, put back after a crash, never more in the ring than is flushed behind it.</summary>
public sealed class BlobJournalTests : IAsyncLifetime
{
    private const long Size = 64 << 20;
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-journal-").FullName;
    private FolderBlobStore blobs = null!;

    private string Journal => Directory.EnumerateFiles(Path.Combine(folder, "journal")).Single();

    public async ValueTask InitializeAsync()
    {
        blobs = new FolderBlobStore(folder, journalBytes: Size);
        await blobs.Prepare(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await blobs.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Put_InSeveralParts_IsOneBlobUnderItsDigest()
    {
        var bytes = Bytes(1, 300_001);
        var pending = blobs.Put([bytes.AsMemory(0, 5), bytes.AsMemory(5, 200_000), bytes.AsMemory(200_005)]);
        Assert.Equal(new StoredBlob(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length), pending.Blob);
        await pending.Durable;
        Assert.True(await blobs.Verify(pending.Blob.Sha256, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "tmp")));
    }

    [Fact]
    public async Task Put_MoreThanTheRingHolds_KeepsAll()
    {
        var pending = new List<PendingBlob>();
        for (var n = 0; n < 24; n++)
        {
            pending.Add(blobs.Put([Bytes(n, 5 << 20)]));
            if (n % 6 == 5) { await Task.WhenAll(pending.Select(blob => blob.Durable)); }
        }
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        foreach (var blob in pending) { Assert.True(await blobs.Verify(blob.Blob.Sha256, TestContext.Current.CancellationToken)); }
        Assert.Equal(Size, new FileInfo(Journal).Length);
    }

    [Fact]
    public async Task Put_SameBytesAtOnce_IsOneBlob()
    {
        var bytes = Bytes(3, 100_000);
        var pending = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => blobs.Put([bytes]))));
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        await Task.WhenAll(pending.Select(blob => blob.Placed));
        Assert.True(await blobs.Verify(pending[0].Blob.Sha256, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "tmp")));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("other bytes")]
    public async Task Start_AfterPowerLoss_PutsBackWhatWasAcknowledged(string loss)
    {
        var pending = Enumerable.Range(0, 5).Select(n => blobs.Put([Bytes(n, 50_000 + n)])).ToList();
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        foreach (var blob in pending) { Assert.True(await blobs.Exists(blob.Blob.Sha256, TestContext.Current.CancellationToken)); }
        // What power loss may leave of files that were never flushed, beside the journal as it was.
        var after = Copy();
        var lost = Path.Combine(after, pending[2].Blob.Sha256[..2], pending[2].Blob.Sha256);
        switch (loss)
        {
            case "missing": File.Delete(lost); break;
            case "empty": await File.WriteAllBytesAsync(lost, [], TestContext.Current.CancellationToken); break;
            default: await File.WriteAllBytesAsync(lost, Bytes(99, 50_002), TestContext.Current.CancellationToken); break;
        }
        await FoundAfterStart(after, pending);
    }

    [Fact]
    public async Task Start_BeforeAnyFileWasPlaced_FindsAll()
    {
        var pending = Enumerable.Range(0, 20).Select(n => blobs.Put([Bytes(n, 60_000 + n)])).ToList();
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        var after = Copy();
        foreach (var path in Directory.EnumerateDirectories(after, "??").SelectMany(Directory.EnumerateFiles)) { File.Delete(path); }
        await FoundAfterStart(after, pending);
    }

    [Fact]
    public async Task Put_NobodyAsks_IsPlacedAllTheSame()
    {
        var pending = blobs.Put([Bytes(4, 70_001)]);
        await pending.Placed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(70_001, new FileInfo(Path.Combine(folder, pending.Blob.Sha256[..2], pending.Blob.Sha256)).Length);
    }

    [Fact]
    public async Task Recover_NotesThatWereNotSettled_ComeBackOnce()
    {
        var settled = new TaskCompletionSource();
        var pending = Enumerable.Range(0, 4).Select(n => blobs.Put([Bytes(n, 30_000)], _ => new BlobNote(Bytes(100 + n, 5_000 * n), settled.Task))).ToList();
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        Assert.All(pending, blob => Assert.True(blob.KeepsNote));
        var after = Copy();
        try
        {
            // Another service of the installation starts first: it puts the blobs back and leaves the notes.
            _ = new FolderBlobStore(after);
            var restarted = new FolderBlobStore(after, journalBytes: Size);
            Assert.Equal([Bytes(101, 5_000), Bytes(102, 10_000), Bytes(103, 15_000)], await Notes(restarted));
            Assert.Empty(await Notes(restarted));
            await restarted.Prepare(TestContext.Current.CancellationToken);
            foreach (var blob in pending) { Assert.True(await restarted.Verify(blob.Blob.Sha256, TestContext.Current.CancellationToken)); }
            await restarted.DisposeAsync();
        }
        finally
        {
            settled.SetResult();
            Directory.Delete(after, recursive: true);
        }
    }

    [Fact]
    public async Task Recover_SettlingFails_KeepsTheNotes()
    {
        var settled = new TaskCompletionSource();
        await blobs.Put([Bytes(1, 30_000)], _ => new BlobNote(Bytes(2, 100), settled.Task)).Durable;
        var after = Copy();
        try
        {
            var restarted = new FolderBlobStore(after);
            await Assert.ThrowsAsync<IOException>(() => restarted.Recover(_ => throw new IOException("The index is away."), TestContext.Current.CancellationToken));
            Assert.Single(await Notes(restarted));
        }
        finally
        {
            settled.SetResult();
            Directory.Delete(after, recursive: true);
        }
    }

    [Fact]
    public async Task Dispose_WithANoteThatIsNotSettled_LeavesItForTheNextStart()
    {
        await blobs.Put([Bytes(1, 30_000)], _ => new BlobNote(Bytes(2, 100), new TaskCompletionSource().Task)).Durable;
        await blobs.DisposeAsync();
        Assert.Single(await Notes(new FolderBlobStore(folder)));
    }

    [Fact]
    public async Task Put_NoteBeyondTheJournal_WaitsUntilItIsSettled()
    {
        var settled = new TaskCompletionSource();
        var pending = blobs.Put([Bytes(1, 30_000)], _ => new BlobNote(Bytes(2, 70_000), settled.Task));
        Assert.False(pending.KeepsNote);
        await pending.Placed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(pending.Durable.IsCompleted);
        settled.SetResult();
        await pending.Durable;
    }

    [Fact]
    public async Task Put_WhenTheNoteCannotBeMade_Fails_AndTheNextIsStored()
    {
        Assert.Throws<InvalidOperationException>(() => blobs.Put([Bytes(1, 30_000)], _ => throw new InvalidOperationException("no note")));
        var pending = blobs.Put([Bytes(2, 30_000)]);
        await pending.Durable;
        Assert.True(await blobs.Verify(pending.Blob.Sha256, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_WithATornRecord_IgnoresItAndKeepsThoseBefore()
    {
        var pending = Enumerable.Range(0, 2).Select(n => blobs.Put([Bytes(n, 10_000)])).ToList();
        await Task.WhenAll(pending.Select(blob => blob.Durable));
        var after = Copy();
        var journal = Directory.EnumerateFiles(Path.Combine(after, "journal")).Single();
        foreach (var path in Directory.EnumerateDirectories(after, "??").SelectMany(Directory.EnumerateFiles)) { File.Delete(path); }
        // The second record begins after a block of header and three of content; its content is torn.
        using (var file = File.OpenHandle(journal, FileMode.Open, FileAccess.ReadWrite)) { RandomAccess.Write(file, new byte[4096], 5 * 4096); }
        try
        {
            var restarted = new FolderBlobStore(after);
            var kept = new List<bool>();
            foreach (var blob in pending) { kept.Add(await restarted.Exists(blob.Blob.Sha256, TestContext.Current.CancellationToken)); }
            Assert.Single(kept, true);
        }
        finally
        {
            Directory.Delete(after, recursive: true);
        }
    }

    [Fact]
    public async Task Start_BesideALivingProcess_LeavesItsJournalAlone()
    {
        var pending = blobs.Put([Bytes(7, 20_000)]);
        await pending.Durable;
        var before = await Head();
        _ = new FolderBlobStore(folder);
        Assert.Equal(before, await Head());
    }

    private static async Task FoundAfterStart(string after, List<PendingBlob> pending)
    {
        try
        {
            var restarted = new FolderBlobStore(after);
            foreach (var blob in pending) { Assert.True(await restarted.Verify(blob.Blob.Sha256, TestContext.Current.CancellationToken)); }
        }
        finally
        {
            Directory.Delete(after, recursive: true);
        }
    }

    private static async Task<List<byte[]>> Notes(FolderBlobStore store)
    {
        var notes = new List<byte[]>();
        await store.Recover(
            note =>
            {
                notes.Add(note.ToArray());
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return notes;
    }

    private async Task<byte[]> Head()
    {
        // The lock is advisory: another descriptor may read.
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("head", ["-c", "4096", Journal]) { RedirectStandardOutput = true })!;
        using var content = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    private string Copy()
    {
        var after = $"{folder}-after";
        using var copy = System.Diagnostics.Process.Start("cp", ["-r", folder, after]);
        copy.WaitForExit();
        return after;
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
