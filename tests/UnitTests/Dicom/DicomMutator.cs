using System.Buffers.Binary;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Damages a file the way broken senders, disks and attackers do.</summary>
internal static class DicomMutator
{
    private static readonly uint[] s_lengths = [0, 1, 2, 7, 0xFF, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];
    private static readonly string[] s_vrs = ["SQ", "UN", "OB", "OW", "UT", "US", "FD", "PN", "AT", "OV", "\0\0", "??"];
    private static readonly string[] s_syntaxes = ["1.2.840.10008.1.2\0", "1.2.840.10008.1.2.1\0", "1.2.840.10008.1.2.2\0", "1.2.840.10008.1.2.5\0", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.1.99"];
    private static readonly byte[][] s_marks = [[0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0], [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]];

    public static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        var times = 1 + random.Next(4);
        for (var i = 0; i < times && bytes.Length > 16; i++)
        {
            // Most of what matters lies early; code streams lie late.
            var at = random.Next(3) == 0 ? random.Next(bytes.Length - 8) : random.Next(Math.Min(bytes.Length - 8, 2000));
            switch (random.Next(10))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), s_lengths[random.Next(s_lengths.Length)]); break;
                case 3: BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)s_lengths[random.Next(s_lengths.Length)]); break;
                case 4: bytes = bytes[..random.Next(1, bytes.Length)]; break;
                case 5:
                    var mark = s_marks[random.Next(s_marks.Length)];
                    bytes = [.. bytes[..at], .. mark, .. bytes[at..]];
                    break;
                case 6:
                    var length = random.Next(1, Math.Min(256, bytes.Length - at));
                    bytes = [.. bytes[..(at + length)], .. bytes[at..]];
                    break;
                case 7: bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]]; break;
                case 8: ReplaceVr(bytes, at, random); break;
                default: ReplaceSyntax(bytes, random); break;
            }
        }
        return bytes;
    }

    private static void ReplaceVr(byte[] bytes, int from, Random random)
    {
        for (var at = from; at + 1 < bytes.Length; at++)
        {
            if (!char.IsAsciiLetterUpper((char)bytes[at]) || !char.IsAsciiLetterUpper((char)bytes[at + 1])) { continue; }
            var vr = s_vrs[random.Next(s_vrs.Length)];
            (bytes[at], bytes[at + 1]) = ((byte)vr[0], (byte)vr[1]);
            return;
        }
    }

    private static void ReplaceSyntax(byte[] bytes, Random random)
    {
        var at = bytes.AsSpan(0, Math.Min(bytes.Length, 1024)).IndexOf("1.2.840.10008.1.2"u8);
        if (at < 0) { return; }
        var syntax = System.Text.Encoding.ASCII.GetBytes(s_syntaxes[random.Next(s_syntaxes.Length)]);
        syntax.AsSpan(0, Math.Min(syntax.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
    }
}
