using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Explain;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>Slide → tiles → embeddings (or those of before) → pooled label.</summary>
internal sealed class SlideLabeller(EncoderPool pool, SlideTiles slides, TileCache cache, IOptions<InferenceOptions> options)
{
    /// <summary>A slide scanned more coarsely than the encoder's resolution by more than this factor has too little detail for it.</summary>
    private const double CoarsestFactor = 1.5;

    public async Task<ComputedLabel> Label(string encoderId, SlideTiled slide, string cancerType, CancellationToken cancellation)
    {
        using var lease = await pool.Rent(encoderId, cancellation);
        var session = lease.Session;
        var contract = session.Card.Input;
        var scaled = slide.MicronsPerPixel is > 0;
        var (embeddings, places, provider) = await Tiles(lease, slide, scaled, cancellation);
        var count = places.Count;
        var withheld = !scaled ? "The slide does not say its resolution, so its tiles may be out of scale for the encoder."
            : slide.MicronsPerPixel > CoarsestFactor * contract.MicronsPerPixel ? $"The slide has {slide.MicronsPerPixel:0.###} µm per pixel; the encoder {session.Card.Id} reads {contract.MicronsPerPixel:0.###}, finer than the slide."
            : null;
        var label = LabelMaker.Make(session, cancerType, embeddings, count, withheld);
        label = label with { Value = label.Value with { Provider = provider } };
        if (!session.Card.Trained) { return label; }
        var head = LabelMaker.Head(session, cancerType);
        return label with
        {
            Value = label.Value with { StandardError = LabelSpread.Together(LabelSpread.OfBag(head, embeddings, count), head.Disagreement(label.Bag.Pooled)) },
            Features = [.. label.Features, TopTiles.Dropped(head, embeddings, label.Bag)],
            Pictures = new Dictionary<string, byte[]> { ["tile-map"] = TopTiles.Draw(places, label.Bag.Shares) },
        };
    }

    /// <summary>The tiles' embeddings as they were computed before, or computed now and kept.</summary>
    private async Task<EncodedTiles> Tiles(EncoderLease lease, SlideTiled slide, bool scaled, CancellationToken cancellation)
    {
        var (session, limit) = (lease.Session, options.Value.TileLimit);
        var key = CachedTiles.Key(slide, session, scaled, limit);
        if (await cache.Find(key, session.Card.Output.Embedding, cancellation) is { } known) { return known; }
        var places = new List<(int Column, int Row)>();
        var (embeddings, _) = await TileBag.Encode(lease, slides.Read(slide.SlideId, session.Card.Input, scaled, limit, cancellation), interactive: false, cancellation, places);
        var tiles = new EncodedTiles(embeddings, places, session.Decision.Provider);
        await cache.Put(key, tiles, cancellation);
        return tiles;
    }
}
