namespace BoneMet.Dicom.Network;

/// <summary>A peer does not answer, refuses, aborts or breaks the protocol; the message says which, without identity.</summary>
public sealed class DicomNetworkException : DicomException
{
    public DicomNetworkException(string message)
        : base(message)
    {
    }

    public DicomNetworkException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
