namespace BoneMet.Imaging.Volumes;

/// <summary>How the voxels of a <see cref="Volume"/> are kept.</summary>
public enum VoxelType
{
    Shorts,
    Floats,
}
