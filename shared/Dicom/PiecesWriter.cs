namespace BoneMet.Dicom;

/// <summary>Collects what is written; long values are taken over where they are instead of being copied.</summary>
internal sealed class PiecesWriter : Stream
{
    /// <summary>Pixel values from this length on are taken over.</summary>
    private const int Long = 16 * 1024;

    private const int First = 8 * 1024;
    private readonly List<object> pieces = [];
    private byte[] buffer = new byte[First];
    private int used;
    private bool onlyPixels = true;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What was written; nothing may be written afterwards.</summary>
    public DicomEncoding Complete()
    {
        Cut();
        return new DicomEncoding(pieces, onlyPixels);
    }

    /// <summary>Takes the value over when it is worth it: what lies on disk always, in memory long pixel values only.</summary>
    /// <param name="value">The value, to be written in little endian.</param>
    /// <param name="isPixels">It is pixel data of the data set itself, not of a nested item.</param>
    public bool Take(DicomElement value, bool isPixels)
    {
        if (!value.IsDeferred && !(isPixels && value.Length >= Long)) { return false; }
        Cut();
        onlyPixels &= isPixels;
        pieces.Add(value.IsDeferred ? value : value.Buffer);
        return true;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (used + buffer.Length > this.buffer.Length) { Array.Resize(ref this.buffer, Math.Max(2 * this.buffer.Length, used + buffer.Length)); }
        buffer.CopyTo(this.buffer.AsSpan(used));
        used += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Cut()
    {
        if (used == 0) { return; }
        pieces.Add((ReadOnlyMemory<byte>)buffer.AsSpan(0, used).ToArray());
        used = 0;
    }
}
