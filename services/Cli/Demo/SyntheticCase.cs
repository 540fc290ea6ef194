namespace BoneMet.Cli.Demo;

/// <summary>
/// A case for the demo, made in code from a seed: a CT series with a lesion and its contours (RTSTRUCT) as real DICOM files, and an H&amp;E-like slide. Nobody's images; every file says that it is
/// synthetic. The same seed gives the same pixels and UIDs.
/// </summary>
internal static class SyntheticCase
{
    public const int DefaultSeed = 20261;

    /// <summary>Writes <c>ct/*.dcm</c> and <c>slide.tif</c> below <paramref name="folder"/>, both at the same time.</summary>
    public static SyntheticFiles Write(string folder, int seed = DefaultSeed)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var images = Path.Combine(folder, "ct");
        var slide = Path.Combine(folder, "slide.tif");
        Directory.CreateDirectory(images);
        Parallel.Invoke(() => SyntheticCt.Write(images, seed), () => SyntheticSlide.Write(slide, seed));
        return new(images, [.. Directory.GetFiles(images, "*.dcm").Order(StringComparer.Ordinal)], slide);
    }
}
