using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BoneMet.Storage.Blobs;

/// <summary>
/// Writes new files past the page cache where the file system can: the pages that a file would take there, and never be read from, cost more than writing it. Used by one thread.
/// </summary>
internal sealed unsafe partial class DirectFile : IDisposable
{
    private const int Block = 4096;
    private const int WriteOnly = 1;
    private const int CreateNew = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int OwnerWrites = 0x1B4;

    private static readonly int Direct = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;
    private readonly int length;
    private byte* memory;
    private bool isDirect = OperatingSystem.IsLinux();
    private bool isOpenDirect;

    /// <param name="largest">Longest file, in bytes.</param>
    public DirectFile(int largest)
    {
        length = (largest + Block - 1) / Block * Block;
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, Block);
    }

    /// <summary>What is to be written.</summary>
    public Span<byte> Buffer => new(memory, length);

    /// <summary>Makes a file that must not exist.</summary>
    public SafeFileHandle Create(string path)
    {
        if (isDirect)
        {
            var descriptor = Open(path, WriteOnly | CreateNew | Exclusive | CloseOnExec | Direct, OwnerWrites);
            if (descriptor >= 0)
            {
                isOpenDirect = true;
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }
            // The file system has no such way (a memory file system, for example), or there is a fault that the ordinary way tells better.
            isDirect = false;
            File.Delete(path);
        }
        isOpenDirect = false;
        return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Writes the first bytes of <see cref="Buffer"/> to the file that was made last.</summary>
    public void Write(SafeFileHandle file, int count)
    {
        if (!isOpenDirect)
        {
            RandomAccess.Write(file, Buffer[..count], 0);
            return;
        }
        var padded = (count + Block - 1) / Block * Block;
        Buffer[count..padded].Clear();
        RandomAccess.Write(file, Buffer[..padded], 0);
        if (padded != count) { RandomAccess.SetLength(file, count); }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);
}
