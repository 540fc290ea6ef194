namespace BoneMet.Imaging.Slides;

/// <summary>Tells from its first bytes whether a file can be a slide at all, so that a text or photograph is turned away before it is stored.</summary>
public static class SlideSniffer
{
    /// <summary>Bytes that <see cref="CouldBeSlide"/> wants to see.</summary>
    public const int Length = 132;

    /// <summary>True for TIFF and BigTIFF, and where OpenSlide is installed for the containers of DICOM, Zeiss (CZI, ZVI) and Sakura slides.</summary>
    public static bool CouldBeSlide(ReadOnlySpan<byte> start)
    {
        if (TiffStructure.HasMagic(start)) { return true; }
        if (!OpenSlideSlide.IsAvailable) { return false; }
        return (start.Length >= 132 && start.Slice(128, 4).SequenceEqual("DICM"u8))
            || start.StartsWith("ZISRAWFILE"u8)
            || start.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
            || start.StartsWith("SQLite format 3\0"u8);
    }
}
