namespace BoneMet.Dicom;

/// <summary>A window over modality values: centre, width, and the curve between its ends.</summary>
public readonly record struct VoiWindow(double Centre, double Width, VoiFunction Function = VoiFunction.Linear);
