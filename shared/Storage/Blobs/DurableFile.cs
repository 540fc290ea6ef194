using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Storage.Blobs;

/// <summary>What .NET does not offer: flushing a directory, so that a rename survives a power cut; flushing data without metadata; letting the disk begin early.</summary>
internal static partial class DurableFile
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int CloseOnExec = 0x80000;
    private const uint SyncFileRangeWrite = 2;

    public static void FlushDirectory(string path)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0) { throw new IOException($"The folder {path} cannot be opened (errno {Marshal.GetLastPInvokeError()})."); }
        try
        {
            if (Fsync(descriptor) != 0) { throw new IOException($"The folder {path} cannot be flushed (errno {Marshal.GetLastPInvokeError()})."); }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Opens a file for reading that another process has locked, as a backup does; null when it is gone.</summary>
    public static SafeFileHandle? OpenUnlocked(string path)
    {
        var descriptor = Open(path, CloseOnExec);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Flushes a file by its path.</summary>
    public static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Flushes what is needed to read the written data back: no metadata when the file has not grown.</summary>
    public static void FlushData(SafeFileHandle file)
    {
        if (Fdatasync(file) != 0) { throw new IOException($"The file cannot be flushed (errno {Marshal.GetLastPInvokeError()})."); }
    }

    /// <summary>Starts to write a range to the disk without waiting. It promises nothing, so its failure is none: the flush that follows tells.</summary>
    public static void BeginWriting(SafeFileHandle file, long offset, long length) => _ = SyncFileRange(file, offset, length, SyncFileRangeWrite);

    /// <summary>The same for a whole file.</summary>
    public static void BeginWriting(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        BeginWriting(file, 0, 0);
    }

    public static bool IsDiskFull(IOException fault) => fault.HResult is NoSpace or QuotaExceeded or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
