using Microsoft.Win32.SafeHandles;

namespace BoneMet.Dicom;

/// <summary>A stretch of a file as a read-only stream.</summary>
internal sealed class DicomRangeStream(SafeFileHandle handle, bool ownsHandle, long start, long length, int swapUnit) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (swapUnit <= 1)
        {
            count = count == 0 ? 0 : RandomAccess.Read(handle, buffer[..count], start + _position);
            _position += count;
            return count;
        }
        return ReadSwapped(buffer[..count]);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        _position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => length + offset };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsHandle) { handle.Dispose(); }
        base.Dispose(disposing);
    }

    /// <summary>Reads whole units around the wanted range, swaps them and hands out the part asked for.</summary>
    private int ReadSwapped(Span<byte> wanted)
    {
        var first = _position / swapUnit * swapUnit;
        var lead = (int)(_position - first);
        var units = new byte[Math.Min(1 << 16, (lead + wanted.Length + swapUnit - 1) / swapUnit * swapUnit)];
        var available = units.AsSpan(0, (int)Math.Min(units.Length, length - first));
        for (var done = 0; done < available.Length;)
        {
            var read = RandomAccess.Read(handle, available[done..], start + first + done);
            if (read == 0) { break; }
            done += read;
        }
        ByteOrder.Swap(available, swapUnit);
        var count = Math.Min(wanted.Length, available.Length - lead);
        if (count <= 0) { return 0; }
        available.Slice(lead, count).CopyTo(wanted);
        _position += count;
        return count;
    }
}
