namespace BoneMet.Imaging.Volumes;

/// <summary>How the voxels follow a NRRD header.</summary>
public enum NrrdEncoding
{
    Raw,
    Gzip,
}
