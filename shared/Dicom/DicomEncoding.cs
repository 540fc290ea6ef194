namespace BoneMet.Dicom;

/// <summary>
/// A file as it will be written, in pieces: what is short lies together in memory, long pixel values stay where they are (in memory or on disk) and are
/// never copied. Valid as long as the data set's values are.
/// </summary>
public sealed class DicomEncoding
{
    private readonly IReadOnlyList<object> pieces;

    internal DicomEncoding(IReadOnlyList<object> pieces, bool isSplitAtPixelsOnly)
    {
        this.pieces = pieces;
        IsSplitAtPixelsOnly = isSplitAtPixelsOnly;
        foreach (var piece in pieces) { Length += piece is DicomElement element ? element.Length : ((ReadOnlyMemory<byte>)piece).Length; }
        if (pieces.All(piece => piece is ReadOnlyMemory<byte>)) { Memory = [.. pieces.Cast<ReadOnlyMemory<byte>>()]; }
    }

    /// <summary>Size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>The pieces, when none of them is on disk.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Memory { get; }

    /// <summary>True when no value but the pixels is a piece of its own: then <see cref="Head"/> has all that comes before them.</summary>
    public bool IsSplitAtPixelsOnly { get; }

    /// <summary>The first piece.</summary>
    public ReadOnlyMemory<byte> Head => pieces[0] is ReadOnlyMemory<byte> head ? head : default;

    /// <summary>The whole file, read forward.</summary>
    public Stream OpenRead() => new PiecesStream(pieces);
}
