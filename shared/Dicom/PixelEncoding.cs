namespace BoneMet.Dicom;

/// <summary>How the samples of a frame are coded.</summary>
public enum PixelEncoding
{
    Native,
    EncapsulatedNative,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    DeflatedFrame,
    Video,
    Unknown,
}
