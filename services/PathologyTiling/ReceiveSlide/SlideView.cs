using BoneMet.PathologyTiling.Slides;

namespace BoneMet.PathologyTiling.ReceiveSlide;

/// <summary>A slide as the API shows it.</summary>
internal sealed record SlideView(string SlideId, long Length, string State, string? Code, string? Reason, double? StatedMicronsPerPixel, SlideFacts? Facts, DateTimeOffset At)
{
    public static SlideView Of(SlideDocument slide) =>
        new(slide.SlideId, slide.Length, slide.State.ToString().ToLowerInvariant(), slide.Code, slide.Reason, slide.StatedMicronsPerPixel, slide.Facts, slide.At);
}
