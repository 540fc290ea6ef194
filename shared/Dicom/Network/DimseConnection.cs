using System.Buffers.Binary;
using System.Net.Sockets;

namespace BoneMet.Dicom.Network;

/// <summary>The upper layer (PS3.8) on a stream: PDUs in and out, messages put together and taken apart. One reader and one writer at a time.</summary>
/// <param name="stream">The connection.</param>
/// <param name="limits">Sizes and times.</param>
/// <param name="blocks">Reading and writing block the calling thread, which belongs to the association (<see cref="AssociationThread"/>); whoever cancels must also end the connection's reading.</param>
internal sealed class DimseConnection(Stream stream, DicomNetworkLimits limits, bool blocks = false) : IAsyncDisposable
{
    public const byte AssociateRequest = 0x01;
    public const byte AssociateAccept = 0x02;
    public const byte AssociateReject = 0x03;
    public const byte Data = 0x04;
    public const byte ReleaseRequest = 0x05;
    public const byte ReleaseResponse = 0x06;
    public const byte Abort = 0x07;

    private const int HeaderLength = 6;
    private const int LargestControl = 1 << 20;
    private const int LargestCommand = 1 << 20;
    private static readonly TimeSpan AbortPatience = TimeSpan.FromSeconds(2);
    private byte[] received = new byte[64 * 1024];
    private int from;
    private int to;
    private CancellationTokenSource patience = new();

    public DicomAssociation? Association { get; set; }

    /// <summary>Reads one PDU; its body is valid until the next read. Null when the peer closed between PDUs.</summary>
    /// <exception cref="DicomNetworkException">Broken protocol, or too slow.</exception>
    public async ValueTask<(byte Type, ReadOnlyMemory<byte> Body)?> ReadPdu(TimeSpan atMost, CancellationToken cancellation)
    {
        if (!await Fill(HeaderLength, atMost, mayEnd: true, cancellation)) { return null; }
        var type = received[from];
        var length = BinaryPrimitives.ReadUInt32BigEndian(received.AsSpan(from + 2));
        if (type is < AssociateRequest or > Abort) { throw new DicomNetworkException("the peer does not speak DICOM"); }
        // Some peers count the header in; what is far beyond the agreed length is an attack or an error.
        var allowed = type == Data ? limits.MaxPduLength + 1024 : LargestControl;
        if (length > allowed) { throw new DicomNetworkException($"a PDU of {length} bytes is longer than the {allowed} that are allowed"); }
        from += HeaderLength;
        await Fill((int)length, atMost, mayEnd: false, cancellation);
        var body = received.AsMemory(from, (int)length);
        from += (int)length;
        return (type, body);
    }

    /// <summary>The next message; null when the peer released (the answer is sent) or closed.</summary>
    /// <exception cref="DicomNetworkException">It aborted, is too slow, or breaks the protocol.</exception>
    public async ValueTask<DimseMessage?> ReadMessage(CancellationToken cancellation)
    {
        using var commandBytes = new MemoryStream();
        DimseCommand? command = null;
        DicomPresentationContext? context = null;
        ReceivedObject? data = null;
        try
        {
            while (true)
            {
                if (await ReadPdu(limits.Idle, cancellation) is not { } pdu)
                {
                    return command is null && commandBytes.Length == 0 ? null : throw new DicomNetworkException("the peer closed the connection inside a message");
                }
                switch (pdu.Type)
                {
                    case ReleaseRequest:
                        await Write(new byte[] { ReleaseResponse, 0, 0, 0, 0, 4, 0, 0, 0, 0 }, cancellation);
                        return null;
                    case ReleaseResponse:
                        return null;
                    case Abort:
                        throw new DicomNetworkException("the peer aborted the association");
                    case Data:
                        break;
                    default:
                        throw new DicomNetworkException($"a PDU of type {pdu.Type} came where data was expected");
                }
                var rest = pdu.Body;
                while (rest.Length > 0)
                {
                    if (rest.Length < 6) { throw new DicomNetworkException("a presentation data value is cut short"); }
                    var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
                    if (length < 2 || length > rest.Length - 4) { throw new DicomNetworkException("a presentation data value is longer than its PDU"); }
                    var (id, flags, value) = (rest.Span[4], rest.Span[5], rest.Slice(6, (int)length - 2));
                    rest = rest[(4 + (int)length)..];
                    if (context is not null && context.Id != id) { throw new DicomNetworkException("two messages are mixed up on one association"); }
                    context ??= Association!.Find(id) ?? throw new DicomNetworkException($"presentation context {id} was not agreed on");
                    var (isCommand, isLast) = ((flags & 1) != 0, (flags & 2) != 0);
                    if (isCommand)
                    {
                        if (command is not null) { throw new DicomNetworkException("a second command came before the data of the first"); }
                        if (commandBytes.Length + value.Length > LargestCommand) { throw new DicomNetworkException("the command set is too large"); }
                        commandBytes.Write(value.Span);
                        if (!isLast) { continue; }
                        command = DimseCommand.Parse(commandBytes.GetBuffer().AsSpan(0, (int)commandBytes.Length));
                        if (!command.HasData) { return new DimseMessage(context, command, null); }
                        var isStore = command.Field == DimseCommand.StoreRequest;
                        data = new ReceivedObject(command.AffectedClass, command.AffectedInstance, context.Accepted!, limits.MemoryPerObject, isStore ? limits.MaxObjectLength : limits.MaxIdentifierLength, limits.NewTemporaryPath);
                        continue;
                    }
                    if (data is null) { throw new DicomNetworkException("data came without a command"); }
                    data.Append(value.Span);
                    if (!isLast) { continue; }
                    var message = new DimseMessage(context, command!, data);
                    data = null;
                    return message;
                }
            }
        }
        finally
        {
            data?.Dispose();
        }
    }

    public async ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (blocks)
        {
            WriteBlocking(bytes.Span, limits.Idle);
            return;
        }
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limits.Idle);
        try
        {
            await stream.WriteAsync(bytes, limited.Token);
            await stream.FlushAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DicomNetworkException($"the peer took nothing for {limits.Idle.TotalSeconds:0} s");
        }
        catch (IOException fault)
        {
            throw new DicomNetworkException("the connection broke while sending", fault);
        }
    }

    /// <summary>Sends a command and, when given, the data set that <paramref name="writeData"/> writes.</summary>
    public async Task Send(byte contextId, DimseCommand command, Action<Stream>? writeData, CancellationToken cancellation)
    {
        if (writeData is null) { command.Set(0x0800, DimseCommand.NoDataSet); }
        else { command.Set(0x0800, 1); }
        var bytes = command.Encode();
        var pdu = new byte[12 + bytes.Length];
        Frame(pdu, contextId, bytes.Length, isCommand: true, isLast: true);
        bytes.CopyTo(pdu, 12);
        await Write(pdu, cancellation);
        if (writeData is null) { return; }
        var peer = Association!.PeerMaxPduLength;
        var size = peer == 0 ? 128 * 1024 : (int)Math.Min(peer, 256 * 1024);
        using var output = new PdvStream(stream, contextId, size);
        try
        {
            if (blocks) { WriteAll(); }
            else { await Task.Run(WriteAll, cancellation); }
        }
        catch (IOException fault)
        {
            throw new DicomNetworkException("the connection broke while sending", fault);
        }

        void WriteAll()
        {
            writeData(output);
            output.Complete();
        }
    }

    /// <summary>Asks to release and waits for the answer.</summary>
    public async Task Release(CancellationToken cancellation)
    {
        await Write(new byte[] { ReleaseRequest, 0, 0, 0, 0, 4, 0, 0, 0, 0 }, cancellation);
        while (await ReadPdu(limits.Associate, cancellation) is { Type: Data }) { }
    }

    /// <summary>Tells the peer that the association is over; a peer that is gone already is no fault.</summary>
    public async Task SendAbort(byte source, byte reason)
    {
        try
        {
            var abort = new byte[] { Abort, 0, 0, 0, 0, 4, 0, 0, source, reason };
            if (blocks)
            {
                WriteBlocking(abort, AbortPatience);
                return;
            }
            using var limited = new CancellationTokenSource(AbortPatience);
            await stream.WriteAsync(abort, limited.Token);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException or DicomNetworkException)
        {
            return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        patience.Dispose();
        await stream.DisposeAsync();
    }

    internal static void Frame(Span<byte> pdu, byte contextId, int valueLength, bool isCommand, bool isLast)
    {
        pdu[0] = Data;
        pdu[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(pdu[2..], (uint)(valueLength + 6));
        BinaryPrimitives.WriteUInt32BigEndian(pdu[6..], (uint)(valueLength + 2));
        pdu[10] = contextId;
        pdu[11] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
    }

    /// <summary>Makes <paramref name="count"/> bytes available from <see cref="from"/>; false when the peer closed before the first.</summary>
    private async ValueTask<bool> Fill(int count, TimeSpan atMost, bool mayEnd, CancellationToken cancellation)
    {
        if (to - from >= count) { return true; }
        if (count > received.Length - from)
        {
            var target = count > received.Length ? new byte[Math.Max(count, 2 * received.Length)] : received;
            received.AsSpan(from, to - from).CopyTo(target);
            (received, to, from) = (target, to - from, 0);
        }
        while (to - from < count)
        {
            int read;
            if (blocks)
            {
                read = ReadBlocking(atMost);
                cancellation.ThrowIfCancellationRequested();
                if (read == 0) { return mayEnd && to == from ? false : throw new DicomNetworkException("the peer closed the connection inside a PDU"); }
                to += read;
                continue;
            }
            if (!patience.TryReset())
            {
                patience.Dispose();
                patience = new CancellationTokenSource();
            }
            patience.CancelAfter(atMost);
            using (cancellation.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), patience))
            {
                try
                {
                    read = await stream.ReadAsync(received.AsMemory(to), patience.Token);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    throw new DicomNetworkException($"the peer sent nothing for {atMost.TotalSeconds:0} s");
                }
                catch (IOException fault)
                {
                    throw new DicomNetworkException("the connection broke while receiving", fault);
                }
            }
            if (read == 0) { return mayEnd && to == from ? false : throw new DicomNetworkException("the peer closed the connection inside a PDU"); }
            to += read;
        }
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        return true;
    }

    private int ReadBlocking(TimeSpan atMost)
    {
        var milliseconds = (int)Math.Clamp(atMost.TotalMilliseconds, 1, int.MaxValue);
        if (stream.ReadTimeout != milliseconds) { stream.ReadTimeout = milliseconds; }
        try
        {
            return stream.Read(received.AsSpan(to));
        }
        catch (IOException fault) when (IsTimeout(fault))
        {
            throw new DicomNetworkException($"the peer sent nothing for {atMost.TotalSeconds:0} s");
        }
        catch (IOException fault)
        {
            throw new DicomNetworkException("the connection broke while receiving", fault);
        }
    }

    private void WriteBlocking(ReadOnlySpan<byte> bytes, TimeSpan atMost)
    {
        var milliseconds = (int)Math.Clamp(atMost.TotalMilliseconds, 1, int.MaxValue);
        if (stream.WriteTimeout != milliseconds) { stream.WriteTimeout = milliseconds; }
        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (IOException fault) when (IsTimeout(fault))
        {
            throw new DicomNetworkException($"the peer took nothing for {atMost.TotalSeconds:0} s");
        }
        catch (IOException fault)
        {
            throw new DicomNetworkException("the connection broke while sending", fault);
        }
    }

    private static bool IsTimeout(IOException fault) => fault.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };
}
