using BoneMet.Imaging.Slides;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>A slide that is open, with its resolution settled and its tissue found at most once.</summary>
internal sealed class OpenedSlide(Slide slide, double micronsPerPixel, IReadOnlyList<string> notes)
{
    private readonly Lock _finding = new();
    private TissueMap? _tissue;

    public Slide Slide => slide;

    public double MicronsPerPixel => micronsPerPixel;

    public IReadOnlyList<string> Notes => notes;

    /// <summary>Found at the first call; a fault is not kept, so that one that passes is cured by asking again.</summary>
    public TissueMap Tissue
    {
        get
        {
            lock (_finding)
            {
                return _tissue ??= TissueMap.Find(slide, micronsPerPixel);
            }
        }
    }

    /// <summary>The file's own resolution counts; one that the uploader states counts only where the file has none.</summary>
    /// <exception cref="SlideException">The file cannot be read, or neither it nor the uploader says the resolution.</exception>
    public static OpenedSlide Open(string path, double? stated)
    {
        var slide = Slide.Open(path);
        var notes = new List<string>(slide.Notes);
        if (slide.MicronsPerPixel is { } own)
        {
            if (stated is { } other && Math.Abs(own - other) > 0.02 * own) { notes.Add($"the upload stated {other:0.####} µm per pixel, the file says {own:0.####}; the file's counts"); }
            return new(slide, own, notes);
        }
        if (stated is { } given)
        {
            notes.Add($"the file does not say its resolution; {given:0.####} µm per pixel is as stated with the upload");
            return new(slide, given, notes);
        }
        var why = slide.Notes.Count == 0 ? "" : $" ({slide.Notes[^1]})";
        slide.Dispose();
        throw new SlideException(SlideException.WithoutResolution, $"the slide does not say how many micrometres a pixel is, and no magnification is ever assumed: send it again with ?mpp= and the value{why}");
    }
}
