using BoneMet.Imaging.Pictures;

namespace BoneMet.FeatureExtraction.Explain;

/// <summary>Three planes through the strongest evidence, the image in grey under it: red speaks for, blue against.</summary>
internal static class VolumePicture
{
    private const int Panel = 192;
    private const int Gap = 4;
    private const double Strongest = 0.65;

    /// <param name="cube">First channel of the item: size³ values in 0..1.</param>
    /// <param name="evidence">size³ values.</param>
    /// <param name="size">Edge of the cube.</param>
    public static byte[] Draw(ReadOnlySpan<float> cube, ReadOnlySpan<float> evidence, int size)
    {
        var width = (3 * Panel) + (2 * Gap);
        var pixels = new byte[width * Panel * 3];
        pixels.AsSpan().Fill(255);
        var peak = EvidenceVolume.Peak(evidence);
        var (px, py, pz) = (peak % size, peak / size % size, peak / (size * size));
        var scale = Math.Max(1e-12, Math.Abs(evidence[peak]));
        for (var panel = 0; panel < 3; panel++)
        {
            for (var row = 0; row < Panel; row++)
            {
                for (var column = 0; column < Panel; column++)
                {
                    var (a, b) = (column * size / Panel, row * size / Panel);
                    // Axial: x to the right, y down; coronal and sagittal: superior is up.
                    var voxel = panel switch
                    {
                        0 => a + (size * (b + (size * pz))),
                        1 => a + (size * (py + (size * (size - 1 - b)))),
                        _ => px + (size * (a + (size * (size - 1 - b)))),
                    };
                    var at = 3 * ((row * width) + (panel * (Panel + Gap)) + column);
                    var grey = 255 * Math.Clamp(cube[voxel], 0, 1);
                    var strength = Strongest * Math.Min(1, Math.Abs(evidence[voxel]) / scale);
                    var (red, blue) = evidence[voxel] > 0 ? (230, 40) : (40, 230);
                    pixels[at] = (byte)(grey + (strength * (red - grey)));
                    pixels[at + 1] = (byte)(grey + (strength * (50 - grey)));
                    pixels[at + 2] = (byte)(grey + (strength * (blue - grey)));
                }
            }
        }
        return PngFile.Encode(pixels, width, Panel);
    }
}
