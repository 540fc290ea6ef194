using BoneMet.FeatureExtraction.Inference;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>Reads volumes and masks from their blobs.</summary>
internal sealed class VolumeReader(IBlobStore blobs)
{
    /// <exception cref="InvalidInputException">A blob is missing, or is no volume or mask, or they do not stand on one grid.</exception>
    public async Task<VolumeInput> Read(string volumeBlob, string? maskBlob, IReadOnlyList<double>? seed, string modality, CancellationToken cancellation)
    {
        var volume = await Read(volumeBlob, "volume", stream => NrrdFile.ReadVolume(stream), cancellation);
        var mask = string.IsNullOrEmpty(maskBlob) ? null : await Read(maskBlob, "mask", stream => NrrdFile.ReadMask(stream), cancellation);
        if (seed is { Count: not (0 or 3) } || seed?.Any(value => !double.IsFinite(value)) == true)
        {
            throw new InvalidInputException("no-lesion-region", "The seed point is not three finite numbers in millimetres.");
        }
        return new(volume, mask, seed is { Count: 3 } ? new Point3(seed[0], seed[1], seed[2]) : null, modality);
    }

    private async Task<T> Read<T>(string name, string what, Func<Stream, T> read, CancellationToken cancellation)
    {
        await using var stream = await blobs.Open(name, cancellation)
            ?? throw new InvalidInputException($"{what}-missing", $"The stored {what} is not in the blob store any more.");
        try
        {
            return await Task.Run(() => read(stream), cancellation);
        }
        catch (Exception exception) when (exception is VolumeException or InvalidDataException or EndOfStreamException)
        {
            throw new InvalidInputException($"{what}-unreadable", $"The stored {what} cannot be read: {exception.Message}");
        }
    }
}
