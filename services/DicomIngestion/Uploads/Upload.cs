using BoneMet.DicomIngestion.Spooling;

namespace BoneMet.DicomIngestion.Uploads;

/// <summary>An upload, received in full and taken apart into temporary files.</summary>
internal sealed record Upload(UploadKind Kind, IReadOnlyList<SpooledFile> Items, IReadOnlyList<string> Ignored) : IDisposable
{
    public void Dispose()
    {
        foreach (var item in Items) { item.Dispose(); }
    }
}
