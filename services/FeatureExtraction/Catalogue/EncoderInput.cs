using BoneMet.Imaging.Inputs;

namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>The input contract: what one item is, and how the service prepares it.</summary>
internal sealed record EncoderInput
{
    public const string Volume = "volume";
    public const string Tiles = "tiles";
    public const string Embeddings = "embeddings";

    /// <summary>Name of the graph's input.</summary>
    public required string Name { get; init; }

    /// <summary>volume: float32 [2, s, s, s], channels are windows; tiles: uint8 [s, s, 3], RGB; embeddings: float32 [s] of each of two encoders.</summary>
    public required string Kind { get; init; }

    /// <summary>Edge of a cube in voxels or of a tile in pixels; length of an embedding.</summary>
    public required int Size { get; init; }

    /// <summary>Edge of a voxel, mm (volume).</summary>
    public double SpacingMm { get; init; }

    /// <summary>Resolution of a tile, µm per pixel (tiles).</summary>
    public double MicronsPerPixel { get; init; }

    /// <summary>One channel for each; values are scaled so that low is 0 and high is 1, and clipped.</summary>
    public IReadOnlyList<IntensityWindow> Windows { get; init; } = [];

    /// <summary>DICOM modalities whose intensities the windows are meant for.</summary>
    public IReadOnlyList<string> Modalities { get; init; } = [];

    /// <summary>Values in one item.</summary>
    public int ItemLength => Kind == Volume ? Windows.Count * Size * Size * Size : Size * Size * 3;

    public long[] Shape(int items) => Kind == Volume ? [items, Windows.Count, Size, Size, Size] : [items, Size, Size, 3];

    public IEnumerable<string> Faults(string modality)
    {
        var fits = modality switch { Contracts.Events.Strand.Imaging => Volume, EncoderCard.Fusion => Embeddings, _ => Tiles };
        if (Kind is not (Volume or Tiles or Embeddings)) { yield return $"input.kind must be volume, tiles or embeddings, not '{Kind}'"; }
        if (Kind != fits) { yield return $"input.kind '{Kind}' does not fit modality '{modality}'"; }
        if (Kind == Volume && Size is < 8 or > 160) { yield return "input.size of a volume must be 8 to 160"; }
        if (Kind == Tiles && Size is < 16 or > 1024) { yield return "input.size of a tile must be 16 to 1024"; }
        if (Kind == Volume && SpacingMm is not (> 0.1 and < 20)) { yield return "input.spacingMm must lie between 0.1 and 20"; }
        if (Kind == Tiles && MicronsPerPixel is not (> 0.05 and < 20)) { yield return "input.micronsPerPixel must lie between 0.05 and 20"; }
        if (Kind == Volume && Windows.Count is 0 or > 8) { yield return "input.windows must have 1 to 8 entries"; }
        foreach (var window in Windows)
        {
            if (!(window.High > window.Low)) { yield return $"input.windows: {window.Low} to {window.High} is empty"; }
        }
    }
}
