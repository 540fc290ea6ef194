namespace BoneMet.Dicom.Deidentification;

/// <summary>A rectangle of pixels, from the upper left corner.</summary>
public sealed record PixelRegion(int Left, int Top, int Width, int Height);
