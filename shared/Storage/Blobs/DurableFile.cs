using System.Runtime.InteropServices;

namespace BoneMet.Storage.Blobs;

/// <summary>What .NET does not offer: flushing a directory, so that a rename survives a power cut.</summary>
internal static partial class DurableFile
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

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

    public static bool IsDiskFull(IOException fault) => fault.HResult is NoSpace or QuotaExceeded or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
