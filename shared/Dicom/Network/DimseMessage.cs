namespace BoneMet.Dicom.Network;

/// <summary>A command with the data set that came with it.</summary>
internal sealed record DimseMessage(DicomPresentationContext Context, DimseCommand Command, ReceivedObject? Data) : IDisposable
{
    public void Dispose() => Data?.Dispose();
}
