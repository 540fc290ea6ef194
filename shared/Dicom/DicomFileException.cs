namespace BoneMet.Dicom;

/// <summary>A file or stream cannot be read as DICOM: the reason, and where.</summary>
public sealed class DicomFileException : DicomException
{
    public DicomFileException(string reason, long offset) : base($"{reason} (at byte {offset})") => (Reason, Offset) = (reason, offset);

    /// <summary>What is wrong, without the offset.</summary>
    public string Reason { get; }

    /// <summary>Only the end of the pixel data is missing: all elements are there.</summary>
    public bool IsPixelDataCutShort { get; internal init; }

    /// <summary>Byte offset from the start of the file (of the inflated data set, where it is deflated).</summary>
    public long Offset { get; }
}
