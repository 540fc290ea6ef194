using System.Diagnostics;
using System.Globalization;
using BoneMet.Imaging.Slides;
using NetVips;

namespace BoneMet.Benchmarks;

/// <summary>
/// Tiles per second of one slide: all full-resolution tiles as JPEG files, tissue tiles as pixels, and `vips dzsave` on the same slide in the same run.
/// <c>bench slides [SLIDE] [--side N] [--repeats N]</c>; <c>bench slides SLIDE --out DIR</c> only writes the JPEG tiles (for bench_wsi.sh).
/// </summary>
internal static class SlideBench
{
    public static int Run(string[] args)
    {
        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var side = int.Parse(Option("--side") ?? "6000", CultureInfo.InvariantCulture);
        var repeats = int.Parse(Option("--repeats") ?? "3", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("slide-bench-").FullName;
        try
        {
            var path = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : Generate(Path.Combine(folder, "slide.tif"), side);
            if (Option("--out") is { } target)
            {
                Console.WriteLine($"{Write(path, target)} tiles");
                return 0;
            }
            Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; {Environment.ProcessorCount} cores");
            var (ours, tissue, vips) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < repeats; round++)
            {
                ours.Add(Rate(() => Write(path, Fresh(folder))));
                tissue.Add(Rate(() => ReadTissue(path)));
                if (File.Exists("/usr/bin/vips")) { vips.Add(Rate(() => Vips(path, Fresh(folder)))); }
            }
            Report("JPEG tiles, full resolution", ours);
            Report("tissue tiles as pixels, 0.5 µm", tissue);
            if (vips.Count > 0)
            {
                Report("vips dzsave, full resolution", vips);
                Console.WriteLine($"ratio ours / vips: {Median(ours) / Median(vips):0.00}");
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static int Write(string path, string target)
    {
        using var slide = Slide.Open(path);
        var level = DeepZoom.Levels(slide) - 1;
        var (columns, rows) = ((slide.Width + 255) / 256, (slide.Height + 255) / 256);
        Directory.CreateDirectory(target);
        Parallel.For(0, columns * rows, n => File.WriteAllBytes(Path.Combine(target, $"{n % columns}_{n / columns}.jpg"), DeepZoom.Tile(slide, null, level, n % columns, n / columns)!));
        return columns * rows;
    }

    private static int ReadTissue(string path)
    {
        using var slide = Slide.Open(path);
        var resolution = slide.MicronsPerPixel ?? 0.5;
        var plan = TilePlan.Make(slide, resolution, TissueMap.Find(slide, resolution), 256, Math.Max(0.5, resolution));
        Parallel.ForEach(plan.Tiles, tile => plan.Read(slide, tile));
        return plan.Tiles.Count;
    }

    private static int Vips(string path, string target)
    {
        var output = Path.Combine(target, "s");
        using var process = Process.Start("/usr/bin/vips", ["dzsave", path, output, "--tile-size", "256", "--overlap", "0", "--depth", "one", "--suffix", ".jpg[Q=85]"]);
        process.WaitForExit();
        return process.ExitCode == 0 ? Directory.EnumerateFiles(output + "_files", "*.jpg", SearchOption.AllDirectories).Count() : throw new InvalidOperationException("vips dzsave failed");
    }

    private static double Rate(Func<int> work)
    {
        var began = Stopwatch.GetTimestamp();
        var tiles = work();
        return tiles / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string Fresh(string folder) => Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Report(string what, List<double> rates) => Console.WriteLine($"{what}: {Median(rates):0} tiles/s (median of {rates.Count})");

    /// <summary>A textured, coloured pyramid; compressible about as much as tissue is.</summary>
    private static string Generate(string path, int side)
    {
        using var noise = Image.Gaussnoise(side, side, sigma: 30, mean: 170, seed: 3).Gaussblur(1.5);
        using var image = noise.Bandjoin(noise.Linear([0.6], [10]), noise.Linear([0.8], [20])).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        image.Tiffsave(path, compression: Enums.ForeignTiffCompression.Jpeg, q: 85, tile: true, tileWidth: 256, tileHeight: 256, pyramid: true, xres: 2000, yres: 2000, resunit: Enums.ForeignTiffResunit.Cm);
        return path;
    }
}
