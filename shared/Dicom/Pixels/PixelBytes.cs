namespace BoneMet.Dicom;

/// <summary>Pixel data as bytes, without decoding.</summary>
public static class PixelBytes
{
    private const int Chunk = 64 * 1024;

    /// <summary>True when both hold the same values or the same fragments, or both are missing. Values on disk are read piece by piece.</summary>
    public static bool AreSame(DicomItem? first, DicomItem? second) => (first, second) switch
    {
        (null, null) => true,
        (DicomElement one, DicomElement other) => HaveSameBytes(one, other),
        (DicomFragmentSequence one, DicomFragmentSequence other) => one.Fragments.Count == other.Fragments.Count && one.Fragments.Zip(other.Fragments).All(pair => HaveSameBytes(pair.First, pair.Second)),
        _ => false,
    };

    private static bool HaveSameBytes(DicomElement one, DicomElement other)
    {
        // Written values are padded to an even length.
        if (one.Length + (one.Length & 1) != other.Length + (other.Length & 1)) { return false; }
        var (left, right) = (new byte[Chunk], new byte[Chunk]);
        var length = Math.Min(one.Length, other.Length);
        for (var at = 0L; at < length;)
        {
            var count = (int)Math.Min(Chunk, length - at);
            one.Read(at, left.AsSpan(0, count));
            other.Read(at, right.AsSpan(0, count));
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count))) { return false; }
            at += count;
        }
        return true;
    }
}
