namespace BoneMet.Dicom;

/// <summary>One component of a JPEG frame while it is decoded.</summary>
internal sealed class JpegComponent
{
    public required int Id { get; init; }

    public required int H { get; init; }

    public required int V { get; init; }

    public required int Quantization { get; init; }

    /// <summary>Size in samples, before padding to whole units.</summary>
    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>Size in blocks, padded to whole units.</summary>
    public int BlocksPerRow { get; set; }

    public int BlockRows { get; set; }

    public int Stride => BlocksPerRow * 8;

    public JpegHuffmanTable? Dc { get; set; }

    public JpegHuffmanTable? Ac { get; set; }

    /// <summary>DC of the block before.</summary>
    public int Predictor { get; set; }

    /// <summary>Coefficients of all blocks: progressive only.</summary>
    public short[]? Coefficients { get; set; }

    public int[] Samples { get; set; } = [];
}
