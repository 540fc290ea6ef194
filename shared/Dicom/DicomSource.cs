using Microsoft.Win32.SafeHandles;

namespace BoneMet.Dicom;

/// <summary>Where values that were left on disk are read from.</summary>
internal sealed class DicomSource
{
    private readonly string? _path;
    private readonly SafeFileHandle? _handle;
    private readonly long _length;
    private readonly int _swapUnit;

    /// <summary>Reopens the file for every request, so that no handle is held while a data set lives.</summary>
    public DicomSource(string path, long length) => (_path, _length) = (path, length);

    /// <summary>Reads from a handle that stays open as long as the data set (an unlinked temporary file, a caller's stream).</summary>
    public DicomSource(SafeFileHandle handle, long length) => (_handle, _length) = (handle, length);

    private DicomSource(DicomSource other, int swapUnit) => (_path, _handle, _length, _swapUnit) = (other._path, other._handle, other._length, swapUnit);

    /// <summary>The same bytes, read with the byte order of each unit reversed.</summary>
    public DicomSource Swapped(int unit) => unit > 1 ? new DicomSource(this, unit) : this;

    /// <summary>Fills the whole destination.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (_handle is not null)
        {
            Fill(_handle, offset, destination);
            return;
        }
        using var handle = Open();
        Fill(handle, offset, destination);
    }

    public Stream OpenRange(long offset, long length) => new DicomRangeStream(_handle ?? Open(), _handle is null, offset, length, _swapUnit);

    private SafeFileHandle Open()
    {
        var handle = File.OpenHandle(_path!);
        var length = RandomAccess.GetLength(handle);
        if (length == _length) { return handle; }
        handle.Dispose();
        throw new DicomException($"the file has changed since it was opened: {_length} bytes then, {length} now");
    }

    private void Fill(SafeFileHandle handle, long offset, Span<byte> destination)
    {
        var rest = destination;
        while (rest.Length > 0)
        {
            var read = RandomAccess.Read(handle, rest, offset);
            if (read == 0) { throw new DicomFileException("the file ends inside a value", offset); }
            rest = rest[read..];
            offset += read;
        }
        ByteOrder.Swap(destination, _swapUnit);
    }
}
