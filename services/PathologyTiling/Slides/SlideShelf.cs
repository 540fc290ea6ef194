using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>The slides that are open now, the least recently used given up first. A slide that somebody still reads lives until that reader is done.</summary>
internal sealed class SlideShelf(IBlobStore blobs, IOptions<TilingOptions> options)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, OpenedSlide Slide)> _recent = new();

    /// <summary>The slide, open; null when its blob is not there.</summary>
    /// <exception cref="Imaging.Slides.SlideException">It cannot be read.</exception>
    public async Task<OpenedSlide?> Open(string slideId, double? stated, CancellationToken cancellation)
    {
        var key = $"{slideId}@{stated:R}";
        if (Find(key) is { } open) { return open; }
        if (await blobs.LocalPath(slideId, cancellation) is not { } path) { return null; }
        // opening reads the tables of a file that may be gigabytes long: not on the caller's thread
        var opened = await Task.Run(() => OpenedSlide.Open(path, stated), cancellation);
        return Keep(key, opened);
    }

    private OpenedSlide? Find(string key)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) { continue; }
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Slide;
            }
            return null;
        }
    }

    /// <summary>Of two that were opened at the same moment the first is kept.</summary>
    private OpenedSlide Keep(string key, OpenedSlide opened)
    {
        lock (_lock)
        {
            foreach (var held in _recent)
            {
                if (held.Key == key) { return held.Slide; }
            }
            _recent.AddFirst((key, opened));
            while (_recent.Count > options.Value.OpenSlides) { _recent.RemoveLast(); }
            return opened;
        }
    }
}
