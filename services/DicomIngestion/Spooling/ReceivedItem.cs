namespace BoneMet.DicomIngestion.Spooling;

/// <summary>An item of an upload: in memory while small, else in a file.</summary>
internal sealed record ReceivedItem(string Name, ReceivedMemory? Memory, SpooledFile? File) : IDisposable
{
    public void Dispose()
    {
        Memory?.Dispose();
        File?.Dispose();
    }
}
