using BoneMet.Storage;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>The slide documents.</summary>
internal sealed class SlideCatalogue(IDocumentCollection<SlideDocument> documents)
{
    private const int Page = 200;

    public Task<SlideDocument?> Find(string caseId, string slideId, CancellationToken cancellation) => documents.Find(SlideDocument.IdOf(caseId, slideId), cancellation);

    /// <summary>All slides of a case, in the order of their arrival.</summary>
    public async Task<IReadOnlyList<SlideDocument>> OfCase(string caseId, CancellationToken cancellation)
    {
        var all = new List<SlideDocument>();
        string? after = null;
        do
        {
            var page = await documents.Query(new Dictionary<string, string> { [SlideDocument.ByCase] = caseId }, after, Page, cancellation: cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return [.. all.OrderBy(slide => slide.At).ThenBy(slide => slide.SlideId, StringComparer.Ordinal)];
    }

    /// <summary>Any document of this slide; of several the one that is furthest along, then the oldest.</summary>
    public async Task<SlideDocument?> OfSlide(string slideId, CancellationToken cancellation) => await AllOfSlide(slideId, cancellation) is [var first, ..] ? first : null;

    /// <summary>The documents of this slide in several cases (the first 200), those that are tiled first, then the oldest first.</summary>
    public async Task<IReadOnlyList<SlideDocument>> AllOfSlide(string slideId, CancellationToken cancellation)
    {
        var page = await documents.Query(new Dictionary<string, string> { [SlideDocument.BySlide] = slideId }, limit: Page, cancellation: cancellation);
        return [.. page.Items.OrderBy(slide => slide.State == SlideState.Tiled ? 0 : 1).ThenBy(slide => slide.At)];
    }

    /// <summary>Changes the document, again when somebody else was first. <paramref name="change"/> returns null to leave it as it is.</summary>
    public async Task<SlideDocument> Change(string caseId, string slideId, Func<SlideDocument?, SlideDocument?> change, CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await Find(caseId, slideId, cancellation);
            var wanted = change(stored);
            if (wanted is null) { return stored ?? throw new InvalidOperationException("A slide that is not there cannot be left as it is."); }
            if (await documents.TrySave(wanted, cancellation) is { } saved) { return saved; }
        }
    }
}
