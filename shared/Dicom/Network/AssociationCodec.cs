using System.Buffers.Binary;
using System.Text;

namespace BoneMet.Dicom.Network;

/// <summary>A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2, 9.3.3; PS3.7 Annex D) to and from bytes.</summary>
internal static class AssociationCodec
{
    private const string ApplicationContext = "1.2.840.10008.3.1.1.1";
    private const int Fixed = 68;
    private const int MostContexts = 128;

    public static byte[] Request(DicomAssociation association, uint maxPduLength) => Write(0x01, association, maxPduLength, accept: false);

    public static byte[] Accept(DicomAssociation association, uint maxPduLength) => Write(0x02, association, maxPduLength, accept: true);

    public static byte[] Reject(byte result, byte source, byte reason) => [0x03, 0, 0, 0, 0, 4, 0, result, source, reason];

    /// <param name="body">The PDU after its six header bytes.</param>
    /// <param name="remoteAddress">Where it came from.</param>
    /// <exception cref="DicomNetworkException">It is malformed.</exception>
    public static DicomAssociation ReadRequest(ReadOnlySpan<byte> body, string remoteAddress)
    {
        if (body.Length < Fixed) { throw new DicomNetworkException("the association request is too short"); }
        var contexts = new List<DicomPresentationContext>();
        var roles = new Dictionary<string, (bool, bool)>();
        var max = 16384u;
        foreach (var (type, from, length) in Items(body[Fixed..]))
        {
            var item = body.Slice(Fixed + from, length);
            if (type == 0x20 && length >= 4)
            {
                var id = item[0];
                var (abstractSyntax, transfers) = ("", new List<string>());
                foreach (var (inner, at, size) in Items(item[4..]))
                {
                    if (inner == 0x30) { abstractSyntax = Uid(item.Slice(4 + at, size)); }
                    else if (inner == 0x40) { transfers.Add(Uid(item.Slice(4 + at, size))); }
                }
                if (contexts.Count < MostContexts && contexts.TrueForAll(known => known.Id != id)) { contexts.Add(new DicomPresentationContext { Id = id, AbstractSyntax = abstractSyntax, TransferSyntaxes = transfers }); }
            }
            else if (type == 0x50) { max = UserInformation(item, roles); }
        }
        return new DicomAssociation { CalledAE = Title(body.Slice(4, 16)), CallingAE = Title(body.Slice(20, 16)), RemoteAddress = remoteAddress, Contexts = contexts, Roles = roles, PeerMaxPduLength = max };
    }

    /// <summary>Marks the contexts of an outgoing association with what the peer accepted.</summary>
    public static void ReadAccept(ReadOnlySpan<byte> body, DicomAssociation association)
    {
        if (body.Length < Fixed) { throw new DicomNetworkException("the answer to the association request is too short"); }
        foreach (var (type, from, length) in Items(body[Fixed..]))
        {
            var item = body.Slice(Fixed + from, length);
            if (type == 0x21 && length >= 4)
            {
                var id = item[0];
                if (association.Contexts.FirstOrDefault(context => context.Id == id) is not { } context) { continue; }
                context.Result = item[2];
                foreach (var (inner, at, size) in Items(item[4..]))
                {
                    if (inner == 0x40 && context.Result == 0) { context.Accepted = Uid(item.Slice(4 + at, size)); }
                }
            }
            else if (type == 0x50) { association.PeerMaxPduLength = UserInformation(item, []); }
        }
    }

    private static byte[] Write(byte type, DicomAssociation association, uint maxPduLength, bool accept)
    {
        using var body = new MemoryStream();
        body.Write([0, 1, 0, 0]);
        body.Write(Encoding.ASCII.GetBytes(association.CalledAE.PadRight(16)[..16]));
        body.Write(Encoding.ASCII.GetBytes(association.CallingAE.PadRight(16)[..16]));
        body.Write(new byte[32]);
        Item(body, 0x10, Encoding.ASCII.GetBytes(ApplicationContext));
        foreach (var context in association.Contexts)
        {
            using var item = new MemoryStream();
            item.Write([context.Id, 0, accept ? context.Result : (byte)0, 0]);
            if (!accept)
            {
                Item(item, 0x30, Encoding.ASCII.GetBytes(context.AbstractSyntax));
                foreach (var transfer in context.TransferSyntaxes) { Item(item, 0x40, Encoding.ASCII.GetBytes(transfer)); }
            }
            else { Item(item, 0x40, Encoding.ASCII.GetBytes(context.Accepted ?? DicomTransferSyntax.ImplicitVRLittleEndian.UID.UID)); }
            Item(body, accept ? (byte)0x21 : (byte)0x20, item.ToArray());
        }
        using var user = new MemoryStream();
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, maxPduLength);
        Item(user, 0x51, length);
        Item(user, 0x52, Encoding.ASCII.GetBytes(DicomFile.ImplementationClassUid));
        foreach (var (sopClass, (scu, scp)) in association.Roles)
        {
            var uid = Encoding.ASCII.GetBytes(sopClass);
            Item(user, 0x54, [(byte)(uid.Length >> 8), (byte)uid.Length, .. uid, scu ? (byte)1 : (byte)0, scp ? (byte)1 : (byte)0]);
        }
        Item(user, 0x55, Encoding.ASCII.GetBytes(DicomFile.ImplementationVersionName));
        Item(body, 0x50, user.ToArray());

        var pdu = new byte[6 + body.Length];
        pdu[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)body.Length);
        body.GetBuffer().AsSpan(0, (int)body.Length).CopyTo(pdu.AsSpan(6));
        return pdu;
    }

    private static uint UserInformation(ReadOnlySpan<byte> item, Dictionary<string, (bool, bool)> roles)
    {
        var max = 16384u;
        foreach (var (type, from, length) in Items(item))
        {
            var value = item.Slice(from, length);
            if (type == 0x51 && length == 4) { max = BinaryPrimitives.ReadUInt32BigEndian(value); }
            else if (type == 0x54 && length >= 4)
            {
                var size = BinaryPrimitives.ReadUInt16BigEndian(value);
                if (size + 4 <= length) { roles[Uid(value.Slice(2, size))] = (value[2 + size] != 0, value[3 + size] != 0); }
            }
        }
        // A few bytes are no usable limit; the standard's default is taken for what cannot hold one PDV.
        return max is > 0 and < 128 ? 16384 : max;
    }

    private static List<(byte Type, int From, int Length)> Items(ReadOnlySpan<byte> bytes)
    {
        var items = new List<(byte, int, int)>();
        var at = 0;
        while (at + 4 <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (at + 4 + length > bytes.Length) { throw new DicomNetworkException("an item of the association PDU is longer than the PDU"); }
            items.Add((bytes[at], at + 4, length));
            at += 4 + length;
        }
        return items;
    }

    private static void Item(MemoryStream body, byte type, ReadOnlySpan<byte> value)
    {
        body.Write([type, 0, (byte)(value.Length >> 8), (byte)value.Length]);
        body.Write(value);
    }

    private static string Uid(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes).Trim(' ', '\0');

    private static string Title(ReadOnlySpan<byte> bytes) => string.Concat(Encoding.ASCII.GetString(bytes).Trim(' ', '\0').Where(c => !char.IsControl(c)));
}
