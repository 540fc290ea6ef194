using System.Globalization;
using System.Text.RegularExpressions;
using NetVips;

namespace BoneMet.Imaging.Slides;

/// <summary>Pyramidal tiled TIFF and Aperio SVS, decoded by libvips. Only tiled images of the full image's shape are levels; all others are associated images and stay unread.</summary>
internal sealed partial class TiffSlide : Slide
{
    private static readonly int[] Compressions = [1, 5, 7, 8, 32946];

    private readonly Image[] _images;

    private TiffSlide(string format, IReadOnlyList<SlideLevel> levels, double? micronsPerPixel, IReadOnlyList<string> notes, Image[] images)
        : base(format, levels, micronsPerPixel, notes) => _images = images;

    /// <summary>True for the tiled colour images that libvips decodes; other TIFF dialects are OpenSlide's.</summary>
    public static bool CanRead(IReadOnlyList<TiffDirectory> directories) => Reason(directories[0]) is null;

    /// <summary>Why the file cannot be read, for a person.</summary>
    public static SlideException Refuse(IReadOnlyList<TiffDirectory> directories)
    {
        var openSlide = OpenSlideSlide.IsAvailable ? "OpenSlide does not know it either" : "OpenSlide, which might, is not installed here";
        return new(directories[0].IsTiled ? SlideException.Unsupported : SlideException.NotASlide, $"the file is not a slide that can be read: {Reason(directories[0])}; {openSlide}");
    }

    public static TiffSlide Open(string path, IReadOnlyList<TiffDirectory> directories)
    {
        Vips.Prepare();
        var full = directories[0];
        var chosen = new List<TiffDirectory> { full };
        foreach (var directory in directories.Skip(1).Where(d => IsLevelOf(full, d)).OrderByDescending(d => d.Width))
        {
            if (directory.Width < chosen[^1].Width) { chosen.Add(directory); }
        }
        var levels = chosen.ConvertAll(d => new SlideLevel((int)d.Width, (int)d.Height, (((double)full.Width / d.Width) + ((double)full.Height / d.Height)) / 2));
        var aperio = full.Description.StartsWith("Aperio", StringComparison.Ordinal);
        var notes = new List<string>();
        var resolution = Resolution(full, aperio, notes);
        try
        {
            return new(aperio ? "aperio" : "tiff", levels, resolution, notes, [.. chosen.Select(d => Load(path, d))]);
        }
        catch (VipsException failure)
        {
            throw new SlideException(SlideException.Damaged, "the slide cannot be opened: its tiles are damaged or coded in an unknown way", failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) { return; }
        foreach (var image in _images) { image.Dispose(); }
    }

    private protected override byte[] Fetch(int level, int x, int y, int width, int height)
    {
        try
        {
            using var region = Region.New(_images[level]);
            return region.Fetch(x, y, width, height);
        }
        catch (VipsException failure)
        {
            throw new SlideException(SlideException.Damaged, $"the slide cannot be read: a tile near column {x}, row {y} of level {level} is damaged", failure);
        }
    }

    private static Image Load(string path, TiffDirectory directory)
    {
        var image = directory.SubImage < 0
            ? Image.Tiffload(path, page: directory.Page, access: Enums.Access.Random, failOn: Enums.FailOn.Error)
            : Image.Tiffload(path, page: directory.Page, subifd: directory.SubImage, access: Enums.Access.Random, failOn: Enums.FailOn.Error);
        if (image.Width != directory.Width || image.Height != directory.Height) { throw new SlideException(SlideException.Damaged, "the TIFF file is damaged: its images change size between header and data"); }
        if (image.HasAlpha()) { image = image.Flatten(background: [255, 255, 255]); }
        if (image.Bands != 3 || image.Format != Enums.BandFormat.Uchar) { throw new SlideException(SlideException.Unsupported, "the slide is not an 8-bit colour image"); }
        return image;
    }

    private static string? Reason(TiffDirectory d)
    {
        if (!d.IsTiled) { return "its image is not stored in tiles"; }
        if (!Compressions.Contains(d.Compression)) { return $"its tiles use TIFF compression {d.Compression}"; }
        if (d.BitsPerSample != 8 || d.SampleFormat != 1) { return $"its samples have {d.BitsPerSample} bits, not 8"; }
        if (d.Samples is not (3 or 4) || d.Photometric is not (2 or 6)) { return "it is not a colour image"; }
        // Philips, Leica and Ventana describe their own layouts in XML, which a plain reader would get wrong.
        if (d.Description.StartsWith('<') && !d.Description.Contains("<OME", StringComparison.Ordinal)) { return "its layout is a scanner maker's own"; }
        return null;
    }

    private static bool IsLevelOf(TiffDirectory full, TiffDirectory d)
    {
        if (Reason(d) is not null || d.Samples != full.Samples) { return false; }
        var scale = (double)full.Width / d.Width;
        return scale > 1 && Math.Abs((full.Height / scale) - d.Height) <= Math.Max(2, 0.02 * d.Height);
    }

    private static double? Resolution(TiffDirectory full, bool aperio, List<string> notes)
    {
        double? found = null;
        if (aperio && AperioResolution().Match(full.Description) is { Success: true } stated) { found = Parse(stated.Groups[1].ValueSpan); }
        else if (OmeResolution().Match(full.Description) is { Success: true } ome && !full.Description.Contains("PhysicalSizeXUnit", StringComparison.Ordinal)) { found = Parse(ome.Groups[1].ValueSpan); }
        else if (full.XResolution > 0 && full.YResolution > 0 && full.ResolutionUnit is 2 or 3)
        {
            var unit = full.ResolutionUnit == 2 ? 25_400.0 : 10_000.0;
            var (x, y) = (unit / full.XResolution, unit / full.YResolution);
            if (Math.Abs(x - y) > 0.02 * Math.Max(x, y))
            {
                notes.Add($"the file states {x:0.###} µm per pixel across and {y:0.###} down; pixels that are not square are not read, so the resolution counts as missing");
                return null;
            }
            found = (x + y) / 2;
        }
        if (found is null || SlideLimits.IsBelievable(found)) { return found; }
        notes.Add($"the file states {found:0.###} µm per pixel, which no slide scanner has; the resolution counts as missing");
        return null;
    }

    private static double? Parse(ReadOnlySpan<char> text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"\|\s*MPP\s*=\s*([0-9.eE+-]{1,20})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AperioResolution();

    [GeneratedRegex("<Pixels[^>]{1,2000}PhysicalSizeX=\"([0-9.eE+-]{1,20})\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OmeResolution();
}
