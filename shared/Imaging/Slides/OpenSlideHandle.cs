using Microsoft.Win32.SafeHandles;

namespace BoneMet.Imaging.Slides;

/// <summary>An open slide of the OpenSlide library.</summary>
internal sealed class OpenSlideHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OpenSlideHandle()
        : base(true)
    {
    }

    protected override bool ReleaseHandle()
    {
        OpenSlideNative.Close(handle);
        return true;
    }
}
