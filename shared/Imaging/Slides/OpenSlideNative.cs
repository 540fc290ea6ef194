using System.Reflection;
using System.Runtime.InteropServices;

namespace BoneMet.Imaging.Slides;

/// <summary>The few functions of the system's OpenSlide (3.4 or 4) that are used. Those for associated images are left out on purpose.</summary>
internal static partial class OpenSlideNative
{
    private const string Library = "openslide";

    static OpenSlideNative() => NativeLibrary.SetDllImportResolver(typeof(OpenSlideNative).Assembly, Resolve);

    public static bool IsAvailable { get; } = Resolve(Library, typeof(OpenSlideNative).Assembly, null) != IntPtr.Zero;

    [LibraryImport(Library, EntryPoint = "openslide_detect_vendor", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr DetectVendor(string path);

    [LibraryImport(Library, EntryPoint = "openslide_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial OpenSlideHandle Open(string path);

    [LibraryImport(Library, EntryPoint = "openslide_close")]
    public static partial void Close(IntPtr slide);

    [LibraryImport(Library, EntryPoint = "openslide_get_error")]
    public static partial IntPtr GetError(OpenSlideHandle slide);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_count")]
    public static partial int GetLevelCount(OpenSlideHandle slide);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_dimensions")]
    public static partial void GetLevelDimensions(OpenSlideHandle slide, int level, out long width, out long height);

    [LibraryImport(Library, EntryPoint = "openslide_get_level_downsample")]
    public static partial double GetLevelDownsample(OpenSlideHandle slide, int level);

    [LibraryImport(Library, EntryPoint = "openslide_get_property_value", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr GetPropertyValue(OpenSlideHandle slide, string name);

    [LibraryImport(Library, EntryPoint = "openslide_read_region")]
    public static partial void ReadRegion(OpenSlideHandle slide, [Out] uint[] argb, long x, long y, int level, long width, long height);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) { return IntPtr.Zero; }
        foreach (var candidate in (string[])["libopenslide.so.1", "libopenslide.so.0", "libopenslide"])
        {
            if (NativeLibrary.TryLoad(candidate, out var library)) { return library; }
        }
        return IntPtr.Zero;
    }
}
