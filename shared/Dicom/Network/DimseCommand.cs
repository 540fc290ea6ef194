using System.Buffers.Binary;
using System.Text;

namespace BoneMet.Dicom.Network;

/// <summary>A command set (group 0000, always implicit little endian; PS3.7 6.3 and Annex E).</summary>
internal sealed class DimseCommand
{
    public const ushort StoreRequest = 0x0001;
    public const ushort GetRequest = 0x0010;
    public const ushort FindRequest = 0x0020;
    public const ushort MoveRequest = 0x0021;
    public const ushort EchoRequest = 0x0030;
    public const ushort EventReportRequest = 0x0100;
    public const ushort ActionRequest = 0x0130;
    public const ushort CancelRequest = 0x0FFF;
    public const ushort Response = 0x8000;
    public const ushort NoDataSet = 0x0101;

    private readonly SortedDictionary<ushort, byte[]> elements = [];

    public ushort Field { get => Number(0x0100); set => Set(0x0100, value); }

    public ushort MessageId { get => Number(0x0110); set => Set(0x0110, value); }

    public ushort RespondsTo { get => Number(0x0120); set => Set(0x0120, value); }

    public ushort Status { get => Number(0x0900); set => Set(0x0900, value); }

    public bool HasData => Number(0x0800) != NoDataSet;

    public string AffectedClass { get => Text(0x0002); set => Set(0x0002, value, padding: 0); }

    public string RequestedClass { get => Text(0x0003); set => Set(0x0003, value, padding: 0); }

    public string AffectedInstance { get => Text(0x1000); set => Set(0x1000, value, padding: 0); }

    public string RequestedInstance { get => Text(0x1001); set => Set(0x1001, value, padding: 0); }

    public string MoveDestination { get => Text(0x0600); set => Set(0x0600, value); }

    public string Comment { get => Text(0x0902); set => Set(0x0902, value); }

    /// <exception cref="DicomNetworkException">It is no command set.</exception>
    public static DimseCommand Parse(ReadOnlySpan<byte> bytes)
    {
        var command = new DimseCommand();
        var at = 0;
        while (at < bytes.Length)
        {
            if (at + 8 > bytes.Length || BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) != 0) { throw new DicomNetworkException("the command set is malformed"); }
            var element = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            at += 8;
            if (length > bytes.Length - at) { throw new DicomNetworkException("an element of the command set is longer than the command set"); }
            command.elements[element] = bytes.Slice(at, (int)length).ToArray();
            at += (int)length;
        }
        if (!command.elements.ContainsKey(0x0100)) { throw new DicomNetworkException("the command set has no command field"); }
        return command;
    }

    public static DimseCommand Answer(DimseCommand request, DicomStatus status)
    {
        var answer = new DimseCommand { Field = (ushort)(request.Field | Response), RespondsTo = request.MessageId, Status = status.Code };
        answer.Set(0x0800, NoDataSet);
        var affected = request.AffectedClass.Length > 0 ? request.AffectedClass : request.RequestedClass;
        if (affected.Length > 0) { answer.AffectedClass = affected; }
        var instance = request.AffectedInstance.Length > 0 ? request.AffectedInstance : request.RequestedInstance;
        if (instance.Length > 0) { answer.AffectedInstance = instance; }
        if (status.Comment is { Length: > 0 } comment) { answer.Comment = comment; }
        return answer;
    }

    public byte[] Encode()
    {
        elements.Remove(0);
        var length = elements.Values.Sum(value => 8 + value.Length);
        var bytes = new byte[12 + length];
        bytes[4] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)length);
        var at = 12;
        foreach (var (element, value) in elements)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), element);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 4), (uint)value.Length);
            value.CopyTo(bytes, at + 8);
            at += 8 + value.Length;
        }
        return bytes;
    }

    public ushort Number(ushort element) => elements.TryGetValue(element, out var value) && value.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(value) : (ushort)0;

    public void Set(ushort element, ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        elements[element] = bytes;
    }

    public void SetTitle(ushort element, string title) => Set(element, title);

    private string Text(ushort element) => elements.TryGetValue(element, out var value) ? Encoding.ASCII.GetString(value).Trim(' ', '\0') : "";

    private void Set(ushort element, string text, byte padding = 0x20)
    {
        var bytes = new byte[(text.Length + 1) & ~1];
        Encoding.ASCII.GetBytes(text, bytes);
        if (bytes.Length > text.Length) { bytes[^1] = padding; }
        elements[element] = bytes;
    }
}
