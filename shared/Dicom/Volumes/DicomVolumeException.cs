namespace BoneMet.Dicom;

/// <summary>A series is no volume: which fault, in a code for machines and a sentence for people.</summary>
public sealed class DicomVolumeException : DicomException
{
    public DicomVolumeException(string code, string message) : base(message) => Code = code;

    /// <summary>gap, mixed-orientation, mixed-size, gantry-tilt, mixed-series, mixed-frame-of-reference, no-geometry, conflicting-duplicates, no-images, too-large.</summary>
    public string Code { get; }
}
