namespace BoneMet.Dicom;

/// <summary>Reads memory and values on disk one after the other.</summary>
internal sealed class PiecesStream(IReadOnlyList<object> pieces) : Stream
{
    private int piece;
    private long offset;
    private Stream? open;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (piece < pieces.Count && buffer.Length > 0)
        {
            var count = pieces[piece] is DicomElement element ? (open ??= element.OpenStream()).Read(buffer) : Copy((ReadOnlyMemory<byte>)pieces[piece], buffer);
            offset += count;
            if (count > 0) { return count; }
            if (pieces[piece] is DicomElement cut && offset != cut.Length) { throw new EndOfStreamException("A value that was left on disk ends early."); }
            open?.Dispose();
            (piece, offset, open) = (piece + 1, 0, null);
        }
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { open?.Dispose(); }
        base.Dispose(disposing);
    }

    private int Copy(ReadOnlyMemory<byte> memory, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, memory.Length - offset);
        memory.Span.Slice((int)offset, count).CopyTo(buffer);
        return count;
    }
}
