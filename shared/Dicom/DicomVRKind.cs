namespace BoneMet.Dicom;

/// <summary>What the bytes of a value representation are.</summary>
public enum DicomVRKind
{
    Text,
    Number,
    Tag,
    Binary,
    Sequence,
}
