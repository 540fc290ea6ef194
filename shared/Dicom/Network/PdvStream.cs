namespace BoneMet.Dicom.Network;

/// <summary>Cuts a data set into P-DATA-TF PDUs of the peer's length while it is written.</summary>
internal sealed class PdvStream(Stream output, byte contextId, int pduLength) : Stream
{
    private const int Overhead = 12;

    // The agreed length counts the PDU without its six header bytes.
    private readonly byte[] pdu = new byte[pduLength + 6];
    private int used;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (Overhead + used == pdu.Length) { Send(isLast: false); }
            var part = Math.Min(buffer.Length, pdu.Length - Overhead - used);
            buffer[..part].CopyTo(pdu.AsSpan(Overhead + used));
            used += part;
            buffer = buffer[part..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Sends the rest as the last fragment.</summary>
    public void Complete() => Send(isLast: true);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Send(bool isLast)
    {
        DimseConnection.Frame(pdu, contextId, used, isCommand: false, isLast);
        output.Write(pdu, 0, Overhead + used);
        used = 0;
        if (isLast) { output.Flush(); }
    }
}
