namespace BoneMet.Storage;

/// <summary>The disk has no room left, or less than the configured reserve. Nothing of what was being written remains.</summary>
public sealed class DiskFullException : IOException
{
    public DiskFullException()
        : this("The disk is full.")
    {
    }

    public DiskFullException(string message)
        : base(message)
    {
    }

    public DiskFullException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
