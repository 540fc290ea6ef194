namespace BoneMet.Imaging.Slides;

/// <summary>A file that cannot be used as a slide, for good. The message is one sentence for a person and holds no text from the file.</summary>
public sealed class SlideException : Exception
{
    public const string NotASlide = "not-a-slide";
    public const string Truncated = "slide-truncated";
    public const string Damaged = "slide-damaged";
    public const string TooLarge = "slide-too-large";
    public const string Unsupported = "slide-unsupported";
    public const string WithoutResolution = "slide-without-resolution";
    public const string WithoutTissue = "slide-without-tissue";

    public SlideException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Stable kebab-case code, one of the constants of this class.</summary>
    public string Code { get; }
}
