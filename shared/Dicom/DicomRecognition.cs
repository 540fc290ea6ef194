using System.Buffers.Binary;

namespace BoneMet.Dicom;

/// <summary>Finds where a file's data begin and how they are encoded when the file does not say, or says it wrongly.</summary>
internal static class DicomRecognition
{
    /// <summary>Start of the meta information or of a bare data set.</summary>
    /// <exception cref="DicomFileException">Nothing that DICOM can begin with.</exception>
    public static (long Start, bool HasPreamble) FindStart(DicomReader reader)
    {
        reader.MoveTo(0);
        var head = reader.Peek(160);
        if (head.Length >= 132 && head[128..132].SequenceEqual("DICM"u8))
        {
            // "DICM" may also stand there by chance, as data of a file that has no preamble: what follows decides.
            var after = head[132..];
            if (after.Length < 8 || BinaryPrimitives.ReadUInt16LittleEndian(after) == 2 || Guess(after, reader.Length - 132) is not null) { return (132, true); }
            if (Guess(head, reader.Length) is null) { return (132, true); }
        }
        if (head.Length >= 4 && head[..4].SequenceEqual("DICM"u8)) { return (4, false); }
        if (Guess(head, reader.Length) is not null) { return (0, false); }
        throw new DicomFileException("not DICOM: no \"DICM\" at byte 128, and the file does not begin with a data set", 0);
    }

    /// <summary>The encoding of the data set at the position: as declared, unless its first element shows that this is wrong.</summary>
    public static DicomTransferSyntax Encoding(DicomReader reader, DicomTransferSyntax? declared)
    {
        var head = reader.Peek(16);
        var guess = Guess(head, reader.Length - reader.Position);
        if (declared is null) { return guess ?? DicomTransferSyntax.ImplicitVRLittleEndian; }
        if (guess is null || head.Length < 8) { return declared; }
        var sameVr = guess.IsExplicitVR == declared.IsExplicitVR;
        if (sameVr && guess.IsBigEndian == declared.IsBigEndian) { return declared; }
        // Only the native syntaxes say how a data set is encoded; a compressed one in implicit VR keeps its pixel coding.
        return declared.IsEncapsulated ? declared : guess;
    }

    /// <summary>How the first element is encoded, or null when it is none.</summary>
    private static DicomTransferSyntax? Guess(ReadOnlySpan<byte> head, long available)
    {
        if (head.Length < 8) { return null; }
        var little = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(head), BinaryPrimitives.ReadUInt16LittleEndian(head[2..]));
        var big = new DicomTag(BinaryPrimitives.ReadUInt32BigEndian(head));
        var hasVr = DicomVR.FromLetters(head[4], head[5]) is not null;
        if (hasVr && IsFirst(little)) { return DicomTransferSyntax.ExplicitVRLittleEndian; }
        if (hasVr && IsFirst(big)) { return DicomTransferSyntax.ExplicitVRBigEndian; }
        if (!IsFirst(little)) { return null; }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        return length == uint.MaxValue || length <= available - 8 ? DicomTransferSyntax.ImplicitVRLittleEndian : null;
    }

    /// <summary>A data set can begin with this tag: known, or a group length, in a group that comes early.</summary>
    private static bool IsFirst(DicomTag tag) =>
        tag.Group is >= 0x0002 and <= 0x7FE0 && (DicomDictionary.IsKnown(tag) || (tag.Element == 0 && tag.Group < 0x100) || tag.IsPrivateCreator);
}
