namespace BoneMet.Dicom;

/// <summary>What the image pixel module (PS3.3 C.7.6.3) says about the samples of a frame.</summary>
public sealed record PixelShape
{
    /// <summary>A frame of more samples than this is refused.</summary>
    public const long MaxSamples = 1L << 29;

    public required int Columns { get; init; }

    public required int Rows { get; init; }

    public required int SamplesPerPixel { get; init; }

    public required int BitsAllocated { get; init; }

    public required int BitsStored { get; init; }

    public required int HighBit { get; init; }

    public required bool IsSigned { get; init; }

    /// <summary>Samples of a frame come plane by plane rather than pixel by pixel.</summary>
    public required bool IsPlanar { get; init; }

    public required string Photometric { get; init; }

    public required int Frames { get; init; }

    /// <summary>Samples of one frame; fits an array.</summary>
    public int SamplesPerFrame => Columns * Rows * SamplesPerPixel;

    /// <summary>Two chroma samples are shared by each two pixels of native data.</summary>
    public bool IsHalfChroma => Photometric is "YBR_FULL_422" or "YBR_PARTIAL_422";

    /// <exception cref="DicomException">An attribute is missing or has a value that the standard does not allow.</exception>
    public static PixelShape Of(DicomDataset dataset)
    {
        var shape = new PixelShape
        {
            Columns = Required(dataset, DicomTag.Columns),
            Rows = Required(dataset, DicomTag.Rows),
            SamplesPerPixel = dataset.GetSingleValueOrDefault(DicomTag.SamplesPerPixel, 1),
            BitsAllocated = dataset.Contains(DicomTag.BitsAllocated) ? Required(dataset, DicomTag.BitsAllocated) : DefaultBits(dataset),
            BitsStored = dataset.GetSingleValueOrDefault(DicomTag.BitsStored, dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, DefaultBits(dataset))),
            HighBit = dataset.GetSingleValueOrDefault(DicomTag.HighBit, dataset.GetSingleValueOrDefault(DicomTag.BitsStored, dataset.GetSingleValueOrDefault(DicomTag.BitsAllocated, DefaultBits(dataset))) - 1),
            IsSigned = dataset.GetSingleValueOrDefault(DicomTag.PixelRepresentation, 0) == 1,
            IsPlanar = dataset.GetSingleValueOrDefault(DicomTag.PlanarConfiguration, 0) == 1,
            Photometric = dataset.GetSingleValueOrDefault(DicomTag.PhotometricInterpretation, "MONOCHROME2"),
            Frames = Math.Max(1, dataset.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1)),
        };
        if (shape.Columns < 1 || shape.Rows < 1) { throw new DicomException($"Rows x Columns is {shape.Rows} x {shape.Columns}: there are no pixels."); }
        if (shape.SamplesPerPixel is < 1 or > 4) { throw new DicomException($"Samples per Pixel (0028,0002) is {shape.SamplesPerPixel}; 1, 3 or 4 are possible."); }
        if (shape.BitsAllocated is not (1 or 8 or 12 or 16 or 32 or 64)) { throw new DicomException($"Bits Allocated (0028,0100) is {shape.BitsAllocated}; 1, 8, 16, 32 or 64 are possible."); }
        if (shape.BitsStored < 1 || shape.BitsStored > shape.BitsAllocated) { throw new DicomException($"Bits Stored (0028,0101) is {shape.BitsStored} of {shape.BitsAllocated} allocated."); }
        if (shape.HighBit < shape.BitsStored - 1 || shape.HighBit >= shape.BitsAllocated)
        {
            // A high bit that cannot be is a slip of the writer; the samples then start at bit 0, as every tool reads them.
            shape = shape with { HighBit = shape.BitsStored - 1 };
        }
        if ((long)shape.Columns * shape.Rows * shape.SamplesPerPixel > MaxSamples) { throw new DicomException($"a frame of {shape.Columns} x {shape.Rows} x {shape.SamplesPerPixel} samples is beyond the limit of {MaxSamples}."); }
        return shape;
    }

    /// <summary>Value of a stored word: shifted to bit 0, cut to Bits Stored, with its sign.</summary>
    public int Value(uint word)
    {
        var shift = 32 - BitsStored;
        var raised = word << (31 - HighBit);
        return IsSigned ? (int)raised >> shift : (int)(raised >> shift);
    }

    private static int Required(DicomDataset dataset, DicomTag tag) =>
        dataset.TryGetSingleValue<int>(tag, out var value) ? value : throw new DicomException($"{tag} {tag.Keyword} is missing: the pixels cannot be read.");

    private static int DefaultBits(DicomDataset dataset) => dataset.Contains(DicomTag.DoubleFloatPixelData) ? 64 : dataset.Contains(DicomTag.FloatPixelData) ? 32 : 16;
}
