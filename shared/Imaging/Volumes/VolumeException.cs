namespace BoneMet.Imaging.Volumes;

/// <summary>A volume, mask, contour or file of one that cannot be used. The message names the item and the reason and holds no patient data.</summary>
public sealed class VolumeException : Exception
{
    public VolumeException(string message)
        : base(message)
    {
    }

    public VolumeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
