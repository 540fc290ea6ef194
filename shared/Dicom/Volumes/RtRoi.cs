namespace BoneMet.Dicom;

/// <summary>A region of an RT Structure Set: number, name and its closed planar contours.</summary>
/// <param name="Number">ROI Number.</param>
/// <param name="Name">ROI Name, e.g. GTV_Mass.</param>
/// <param name="Description">ROI Description, or empty.</param>
/// <param name="InterpretedType">RT ROI Interpreted Type (GTV, ORGAN …), or empty.</param>
/// <param name="FrameOfReferenceUid">The frame that the coordinates belong to.</param>
/// <param name="Contours">Each an array of x, y, z triples in mm (LPS).</param>
public sealed record RtRoi(int Number, string Name, string Description, string InterpretedType, string FrameOfReferenceUid, IReadOnlyList<double[]> Contours);
