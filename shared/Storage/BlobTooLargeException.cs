namespace BoneMet.Storage;

/// <summary>The content is longer than the caller's limit. Nothing of it remains.</summary>
public sealed class BlobTooLargeException : IOException
{
    public BlobTooLargeException()
        : this("The content is longer than its limit.")
    {
    }

    public BlobTooLargeException(string message)
        : base(message)
    {
    }

    public BlobTooLargeException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public BlobTooLargeException(long maxBytes)
        : this($"The content is longer than its limit of {maxBytes} bytes.") => MaxBytes = maxBytes;

    public long MaxBytes { get; }
}
