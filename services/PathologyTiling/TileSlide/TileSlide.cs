using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BoneMet.Hosting;
using BoneMet.Imaging.Slides;
using BoneMet.PathologyTiling.Slides;
using BoneMet.Storage;

namespace BoneMet.PathologyTiling.TileSlide;

/// <summary>Finds the tissue of a received slide, once. Read → decide → save; a slide that was done before is given back as it stands.</summary>
internal static class TileSlide
{
    private const string Method = "otsu-saturation/1";

    /// <summary>The document after the work; null when the case has no such slide.</summary>
    public static async Task<SlideDocument?> Handle(
        string caseId, string slideId, SlideShelf shelf, SlideCatalogue catalogue, TilingOptions options, CancellationToken cancellation)
    {
        var slide = await catalogue.Find(caseId, slideId, cancellation);
        if (slide is null || slide.State != SlideState.Received) { return slide; }
        var (facts, failure) = await Examine(slide, shelf, options, cancellation);
        var saved = await catalogue.Change(caseId, slideId, stored => Decide(stored, slide, facts, failure), cancellation);
        CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
        return saved;
    }

    private static SlideDocument? Decide(SlideDocument? stored, SlideDocument worked, SlideFacts? facts, SlideException? failure)
    {
        if (stored is null) { throw new InvalidOperationException("The slide's document went away while it was tiled."); }
        // corrected meanwhile: the event of the correction does the work again
        if (stored.State != SlideState.Received || stored.StatedMicronsPerPixel != worked.StatedMicronsPerPixel) { return null; }
        return failure is null
            ? stored with { State = SlideState.Tiled, Facts = facts, Code = null, Reason = null }
            : stored with { State = SlideState.Failed, Facts = null, Code = failure.Code, Reason = failure.Message };
    }

    private static async Task<(SlideFacts? Facts, SlideException? Failure)> Examine(SlideDocument slide, SlideShelf shelf, TilingOptions options, CancellationToken cancellation)
    {
        using var work = Work.Begin("decode");
        try
        {
            var opened = await shelf.Open(slide.SlideId, slide.StatedMicronsPerPixel, cancellation) ?? throw new InvalidOperationException($"The bytes of slide {slide.SlideId} are not in the store.");
            return (await Task.Run(() => Find(slide.SlideId, opened, options), cancellation), null);
        }
        catch (SlideException failure)
        {
            return (null, failure);
        }
    }

    private static SlideFacts Find(string slideId, OpenedSlide opened, TilingOptions options)
    {
        var notes = new List<string>(opened.Notes);
        // no finer than the slide is: pixels between pixels say nothing new
        var resolution = Math.Max(options.MicronsPerPixel, opened.MicronsPerPixel);
        if (resolution > options.MicronsPerPixel * 1.05) { notes.Add(string.Create(CultureInfo.InvariantCulture, $"the slide has {resolution:0.###} µm per pixel, coarser than the {options.MicronsPerPixel:0.###} that tiles are counted at")); }
        var plan = TilePlan.Make(opened.Slide, opened.MicronsPerPixel, opened.Tissue, options.TileSize, resolution);
        if (plan.Tiles.Count == 0)
        {
            throw new SlideException(SlideException.WithoutTissue, string.Create(CultureInfo.InvariantCulture,
                $"no tissue was found on the slide: none of its tiles of {options.TileSize} pixels is at least {TilePlan.MinTissueFraction:0%} coloured (the slide as a whole: {opened.Tissue.TissueFraction:0.0%})"));
        }
        var key = string.Create(CultureInfo.InvariantCulture, $"{slideId}|{Method}|{options.TileSize}|{resolution:R}|{opened.MicronsPerPixel:R}|{TilePlan.MinTissueFraction:R}");
        return new()
        {
            InputHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            Format = opened.Slide.Format,
            Width = opened.Slide.Width,
            Height = opened.Slide.Height,
            Levels = opened.Slide.Levels.Count,
            MicronsPerPixel = opened.MicronsPerPixel,
            TissueTiles = plan.Tiles.Count,
            TissueFraction = opened.Tissue.TissueFraction,
            TileSize = options.TileSize,
            TileMicronsPerPixel = resolution,
            Notes = notes,
        };
    }
}
