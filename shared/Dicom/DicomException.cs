namespace BoneMet.Dicom;

/// <summary>Something in DICOM data or in a request about it is wrong; the message names the item and the reason.</summary>
public class DicomException : Exception
{
    public DicomException(string message) : base(message) { }

    public DicomException(string message, Exception inner) : base(message, inner) { }
}
