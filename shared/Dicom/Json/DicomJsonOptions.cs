namespace BoneMet.Dicom;

/// <summary>How binary values are written in DICOM JSON.</summary>
public sealed record DicomJsonOptions
{
    public static DicomJsonOptions Default { get; } = new();

    /// <summary>Lines and indentation for people.</summary>
    public bool Indented { get; init; }

    /// <summary>Binary values of more bytes than this become a BulkDataURI.</summary>
    public long MaxInlineBinary { get; init; } = 1024;

    /// <summary>The URI of a binary value that is not written inline: the path of tags to the element (numbers are item indices) and the element. By default <c>urn:sha256:</c> and the hash of the value.</summary>
    public Func<string, DicomItem, string>? BulkDataUri { get; init; }
}
