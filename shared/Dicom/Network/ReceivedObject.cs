using System.Buffers;

namespace BoneMet.Dicom.Network;

/// <summary>A data set as it arrives: a Part 10 file in memory while small, on disk beyond that.</summary>
public sealed class ReceivedObject : IDisposable
{
    private const int First = 64 * 1024;
    private const int Second = 1 << 20;
    private readonly int memoryLimit;
    private readonly long limit;
    private readonly Func<string> newPath;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(First);
    private int used;
    private FileStream? file;

    internal ReceivedObject(string sopClass, string sopInstance, string transferSyntax, int memoryLimit, long limit, Func<string> newPath)
    {
        (this.memoryLimit, this.limit, this.newPath) = (memoryLimit, limit, newPath);
        TransferSyntax = transferSyntax;
        using var head = new MemoryStream();
        head.Write(new byte[128]);
        head.Write("DICM"u8);
        var meta = new DicomDataset();
        meta.AddOrUpdate(new DicomElement(DicomTag.FileMetaInformationVersion, DicomVR.OB, [0, 1]));
        meta.AddOrUpdate(DicomTag.MediaStorageSOPClassUID, sopClass);
        meta.AddOrUpdate(DicomTag.MediaStorageSOPInstanceUID, sopInstance);
        meta.AddOrUpdate(DicomTag.TransferSyntaxUID, transferSyntax);
        meta.AddOrUpdate(DicomTag.ImplementationClassUID, DicomFile.ImplementationClassUid);
        using var body = new MemoryStream();
        DicomWriter.Write(body, meta, DicomTransferSyntax.ExplicitVRLittleEndian);
        DicomWriter.Write(head, new DicomDataset().AddOrUpdate(DicomTag.FileMetaInformationGroupLength, (uint)body.Length), DicomTransferSyntax.ExplicitVRLittleEndian);
        head.Write(body.GetBuffer(), 0, (int)body.Length);
        HeaderLength = (int)head.Length;
        Append(head.GetBuffer().AsSpan(0, (int)head.Length));
    }

    public string TransferSyntax { get; }

    /// <summary>Bytes before the data set.</summary>
    public int HeaderLength { get; }

    /// <summary>Size of the file in bytes.</summary>
    public long Length => file?.Length ?? used;

    /// <summary>The temporary file of a large object, or null.</summary>
    public string? Path { get; private set; }

    /// <summary>The bytes of a small object; empty when it is in a file.</summary>
    public ReadOnlyMemory<byte> Memory => file is null ? buffer.AsMemory(0, used) : default;

    /// <summary>Reads it; valid until disposed.</summary>
    /// <exception cref="DicomException">It cannot be read.</exception>
    public DicomFile Open(DicomReadOptions? options = null)
    {
        if (file is null) { return DicomFile.Open(buffer, used, options ?? DicomReadOptions.Default); }
        file.Flush();
        return DicomFile.Open(Path!, options);
    }

    public void Dispose()
    {
        if (buffer.Length > 0) { ArrayPool<byte>.Shared.Return(buffer); }
        buffer = [];
        file?.Dispose();
        if (Path is not null) { File.Delete(Path); }
    }

    /// <exception cref="DicomNetworkException">It grows beyond the limit.</exception>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > limit) { throw new DicomNetworkException($"the object is larger than {limit} bytes"); }
        if (file is not null)
        {
            file.Write(bytes);
            return;
        }
        if (used + bytes.Length > memoryLimit)
        {
            Path = newPath();
            file = new FileStream(Path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, 1 << 17);
            file.Write(buffer, 0, used);
            file.Write(bytes);
            return;
        }
        if (used + bytes.Length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Second, 2 * buffer.Length), used + bytes.Length));
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        bytes.CopyTo(buffer.AsSpan(used));
        used += bytes.Length;
    }
}
