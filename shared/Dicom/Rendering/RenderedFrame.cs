namespace BoneMet.Dicom;

/// <summary>A frame for display: 8 bits, one sample (grey) or three (RGB) per pixel, rows from the top.</summary>
public sealed record RenderedFrame(int Columns, int Rows, int SamplesPerPixel, byte[] Bytes);
