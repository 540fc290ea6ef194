namespace BoneMet.Dicom;

/// <summary>A stretch of a file that many elements' values lie in; its bytes are cut to what was used when the reader moves on.</summary>
internal sealed class DicomWindow
{
    public byte[] Data { get; set; } = [];
}
