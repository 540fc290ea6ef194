using System.Runtime.CompilerServices;
using NetVips;

namespace BoneMet.Imaging.Slides;

/// <summary>Settings of libvips for a server that opens files from strangers: no loader that libvips itself calls untrusted, no cache of operations that would keep files open.</summary>
internal static class Vips
{
    static Vips()
    {
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0;
        // warnings about damaged tiles reach the caller as exceptions; on stderr they would only fill the log
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
    }

    /// <summary>Applies the settings once.</summary>
    public static void Prepare() => RuntimeHelpers.RunClassConstructor(typeof(Vips).TypeHandle);
}
