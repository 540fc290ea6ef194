using System.Diagnostics;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using BoneMet.Storage.Sqlite;
using Xunit;

namespace BoneMet.UnitTests.Storage;

/// <summary>On a real file system of four mebibytes (a tmpfs; skipped by name where mounting is not allowed).</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bonemet-full-").FullName;
    private readonly bool mounted;

    public FullDiskTests() => mounted = Mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder);

    public void Dispose()
    {
        if (mounted)
        {
            using var umount = Process.Start("umount", ["-l", folder]);
            umount.WaitForExit();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Blob_ThatDoesNotFit_IsRefusedAndLeavesNothing()
    {
        Assert.SkipUnless(mounted, "needs the right to mount a tmpfs");
        var blobs = new FolderBlobStore(folder);
        var small = await blobs.Put(new MemoryStream(new byte[100_000]));
        var before = new DriveInfo(folder).AvailableFreeSpace;

        await Assert.ThrowsAsync<DiskFullException>(() => blobs.Put(new MemoryStream(new byte[8 << 20])));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "tmp")));
        Assert.Equal(before, new DriveInfo(folder).AvailableFreeSpace);
        Assert.True(await blobs.Verify(small.Sha256));
        Assert.Equal(200_000, (await blobs.Put(new MemoryStream(new byte[200_000]))).Length);
    }

    [Fact]
    public async Task Documents_OnAFullDisk_AreRefused_AndGoOnWhenThereIsRoomAgain()
    {
        Assert.SkipUnless(mounted, "needs the right to mount a tmpfs");
        await using var store = new SqliteDocumentStore(Path.Combine(folder, "documents.db"));
        var notes = store.Collection<Note>();
        Assert.NotNull(await notes.TrySave(new Note { Id = "kept" }));
        var filler = Path.Combine(folder, "filler");
        await File.WriteAllBytesAsync(filler, new byte[new DriveInfo(folder).AvailableFreeSpace - 200_000]);

        await Assert.ThrowsAsync<DiskFullException>(() => notes.TrySave(new Note { Id = "huge", Site = new string('x', 1 << 20) }));
        Assert.Null(await notes.Find("huge"));
        Assert.NotNull(await notes.Find("kept"));
        File.Delete(filler);
        Assert.NotNull(await notes.TrySave(new Note { Id = "huge", Site = new string('x', 1 << 20) }));
    }

    private static bool Mount(params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess) { return false; }
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
