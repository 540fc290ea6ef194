namespace BoneMet.Dicom;

/// <summary>A segment of a segmentation: number, label and coded type.</summary>
public sealed record SegSegment(int Number, string Label, string Description, string PropertyType, string AlgorithmName);
