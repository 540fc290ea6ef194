using System.Globalization;
using System.Runtime.InteropServices;

namespace BoneMet.Imaging.Slides;

/// <summary>Scanner formats through the system's OpenSlide library, where it is installed.</summary>
internal sealed class OpenSlideSlide : Slide
{
    private readonly OpenSlideHandle _handle;

    private OpenSlideSlide(string vendor, IReadOnlyList<SlideLevel> levels, double? micronsPerPixel, OpenSlideHandle handle)
        : base(vendor, levels, micronsPerPixel, []) => _handle = handle;

    public static bool IsAvailable => OpenSlideNative.IsAvailable;

    /// <summary>The open slide; null when OpenSlide is absent or does not know the format.</summary>
    /// <exception cref="SlideException">OpenSlide knows the format but not this file.</exception>
    public static OpenSlideSlide? TryOpen(string path)
    {
        if (!IsAvailable || Marshal.PtrToStringUTF8(OpenSlideNative.DetectVendor(path)) is not { } vendor) { return null; }
        var handle = OpenSlideNative.Open(path);
        try
        {
            if (handle.IsInvalid) { return null; }
            Check(handle, "the slide cannot be opened");
            var levels = new List<SlideLevel>();
            for (var level = 0; level < OpenSlideNative.GetLevelCount(handle); level++)
            {
                OpenSlideNative.GetLevelDimensions(handle, level, out var width, out var height);
                if (width is < 1 or > SlideLimits.MaxEdge || height is < 1 or > SlideLimits.MaxEdge || width * height > SlideLimits.MaxPixels)
                {
                    throw new SlideException(SlideException.TooLarge, $"a level of {width} x {height} pixels is beyond what a slide can be");
                }
                levels.Add(new((int)width, (int)height, OpenSlideNative.GetLevelDownsample(handle, level)));
            }
            if (levels.Count == 0) { throw new SlideException(SlideException.Damaged, "the slide holds no image"); }
            var (x, y) = (Property(handle, "openslide.mpp-x"), Property(handle, "openslide.mpp-y"));
            var square = x is not null && y is not null && Math.Abs(x.Value - y.Value) <= 0.02 * x.Value;
            double? resolution = square && SlideLimits.IsBelievable(x) ? (x + y) / 2 : null;
            return new(vendor, levels, resolution, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { _handle.Dispose(); }
    }

    private protected override byte[] Fetch(int level, int x, int y, int width, int height)
    {
        var argb = new uint[width * height];
        var downsample = Levels[level].Downsample;
        OpenSlideNative.ReadRegion(_handle, argb, (long)Math.Round(x * downsample), (long)Math.Round(y * downsample), level, width, height);
        Check(_handle, $"the slide cannot be read near column {x}, row {y} of level {level}");
        var rgb = new byte[argb.Length * 3];
        for (var n = 0; n < argb.Length; n++)
        {
            // premultiplied, laid over white
            var value = argb[n];
            var white = 255 - (value >> 24);
            rgb[3 * n] = (byte)((value >> 16 & 255) + white);
            rgb[(3 * n) + 1] = (byte)((value >> 8 & 255) + white);
            rgb[(3 * n) + 2] = (byte)((value & 255) + white);
        }
        return rgb;
    }

    private static double? Property(OpenSlideHandle handle, string name) =>
        double.TryParse(Marshal.PtrToStringUTF8(OpenSlideNative.GetPropertyValue(handle, name)), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static void Check(OpenSlideHandle handle, string what)
    {
        if (OpenSlideNative.GetError(handle) != IntPtr.Zero) { throw new SlideException(SlideException.Damaged, $"{what}: its data are damaged or incomplete"); }
    }
}
