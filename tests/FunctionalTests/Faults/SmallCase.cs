using BoneMet.Cli.Demo;
using BoneMet.Contracts.Api;
using BoneMet.FunctionalTests.Ingestion;
using BoneMet.FunctionalTests.Support;

namespace BoneMet.FunctionalTests.Faults;

/// <summary>A complete case that is quick to compute: ten small slices, a small slide, the demo's factors. The same bytes every time.</summary>
internal static class SmallCase
{
    private static readonly Lazy<byte[]> Zip = new(() => TestSeries.Zip([.. Enumerable.Range(0, 10).Select(number => ($"{number}.dcm", TestSeries.Slice(number)))]));

    private static readonly Lazy<byte[]> SmallSlide = new(() => Slide(7));

    public static byte[] ImagesZip() => Zip.Value;

    public static byte[] Slide() => SmallSlide.Value;

    /// <summary>A slide of its own: the embeddings of one that was labelled before are kept, and its tiles are not read again.</summary>
    public static byte[] Slide(int seed)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "slide.tif");
        SyntheticSlide.Write(file, seed, 768);
        return File.ReadAllBytes(file);
    }

    public static NewCase Clinical() => SyntheticClinical.Case(7);
}
