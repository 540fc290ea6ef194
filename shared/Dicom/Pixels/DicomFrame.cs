namespace BoneMet.Dicom;

/// <summary>
/// A decoded frame: stored values (before rescale and windows), interleaved by pixel, rows from top to bottom. Samples are sign-extended
/// from Bits Stored; unsigned ones of 32 bits keep their bit pattern.
/// </summary>
public sealed record DicomFrame(int Columns, int Rows, int SamplesPerPixel, string Photometric, int[] Values)
{
    /// <summary>A frame in RGB, 8 bits, converted from YBR or left as it is.</summary>
    public DicomFrame ToRgb() => SamplesPerPixel == 3 && Photometric.StartsWith("YBR_FULL", StringComparison.Ordinal) ? this with { Photometric = "RGB", Values = PixelColour.YbrFullToRgb(Values) } : this;
}
