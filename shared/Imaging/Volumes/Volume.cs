namespace BoneMet.Imaging.Volumes;

/// <summary>Intensities (HU for CT, SUV for PET, arbitrary for MR) on a <see cref="Grid"/>, kept as short or float. Never changed once made.</summary>
public sealed class Volume
{
    private readonly short[]? _int16;
    private readonly float[]? _float32;

    /// <param name="grid">Where the voxels stand.</param>
    /// <param name="voxels">i fastest, then j, then k; taken over, not copied.</param>
    public Volume(Grid grid, short[] voxels)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.Length != grid.Count) { throw new VolumeException($"{voxels.Length} voxels were given for a grid of {grid.Count}"); }
        (Grid, _int16) = (grid, voxels);
    }

    /// <inheritdoc cref="Volume(Grid, short[])"/>
    public Volume(Grid grid, float[] voxels)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.Length != grid.Count) { throw new VolumeException($"{voxels.Length} voxels were given for a grid of {grid.Count}"); }
        (Grid, _float32) = (grid, voxels);
    }

    public Grid Grid { get; }

    public VoxelType Type => _int16 is null ? VoxelType.Floats : VoxelType.Shorts;

    /// <summary>The voxels when <see cref="Type"/> is Shorts, else empty.</summary>
    public ReadOnlySpan<short> Shorts => _int16;

    /// <summary>The voxels when <see cref="Type"/> is Floats, else empty.</summary>
    public ReadOnlySpan<float> Floats => _float32;

    public float this[int offset] => _int16 is null ? _float32![offset] : _int16[offset];

    public float this[int i, int j, int k] => this[Grid.Offset(i, j, k)];

    /// <summary>The same volume with float voxels (itself when they are floats already).</summary>
    public Volume ToFloats()
    {
        if (_int16 is null) { return this; }
        var voxels = new float[_int16.Length];
        for (var n = 0; n < voxels.Length; n++) { voxels[n] = _int16[n]; }
        return new(Grid, voxels);
    }
}
