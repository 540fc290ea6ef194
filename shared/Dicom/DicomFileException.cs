namespace BoneMet.Dicom;

/// <summary>A file or stream cannot be read as DICOM: the reason, and where.</summary>
public sealed class DicomFileException : DicomException
{
    public DicomFileException(string reason, long offset) : base($"{reason} (at byte {offset})") => (Reason, Offset) = (reason, offset);

    /// <summary>What is wrong, without the offset.</summary>
    public string Reason { get; }

    /// <summary>Byte offset from the start of the file (of the inflated data set, where it is deflated).</summary>
    public long Offset { get; }
}
