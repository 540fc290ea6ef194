using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BoneMet.Imaging.Radiomics;

/// <summary>Everything that changes a value. Its digest is part of each feature's name.</summary>
public sealed record RadiomicOptions
{
    /// <summary>CT at 1.5 mm, −1000 to 3000 HU, bins of 25 HU, merged 3-D textures.</summary>
    public static RadiomicOptions Ct { get; } = new()
    {
        SpacingMm = 1.5, LowestIntensity = -1000, HighestIntensity = 3000, Discretisation = Discretisation.FixedBinSize, BinSize = 25, BinOrigin = -1000, Aggregations = Aggregations.Volume3DMerged,
    };

    /// <summary>Edge in mm of the cubes that volume (trilinear) and mask (nearest) are resampled to; null leaves the grid as it is.</summary>
    public double? SpacingMm { get; init; }

    /// <summary>Voxels below it leave the intensity mask.</summary>
    public double? LowestIntensity { get; init; }

    /// <summary>Voxels above it leave the intensity mask.</summary>
    public double? HighestIntensity { get; init; }
    public Discretisation Discretisation { get; init; } = Discretisation.FixedBinNumber;

    /// <summary>Number of bins for <see cref="Discretisation.FixedBinNumber"/>, 1 to 1024.</summary>
    public int Bins { get; init; } = 32;

    /// <summary>Width of a bin for <see cref="Discretisation.FixedBinSize"/>.</summary>
    public double BinSize { get; init; } = 25;

    /// <summary>Where the first bin begins.</summary>
    public double BinOrigin { get; init; } = -1000;
    public Aggregations Aggregations { get; init; } = Aggregations.All;

    /// <summary>Moran's I and Geary's C compare all pairs: beyond this many voxels they are not computed (NaN).</summary>
    public int MaxPairVoxels { get; init; } = 12_000;

    /// <summary>Eight hex digits over all settings and the version of the method.</summary>
    public string Digest()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"ibsi-1/1|{SpacingMm:R}|{LowestIntensity:R}|{HighestIntensity:R}|{Discretisation}|{Bins}|{BinSize:R}|{BinOrigin:R}|{MaxPairVoxels}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
    }
}
