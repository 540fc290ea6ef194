using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Explain;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>Slide → tiles → embeddings → pooled label.</summary>
internal sealed class SlideLabeller(EncoderPool pool, SlideTiles slides, IOptions<InferenceOptions> options)
{
    /// <summary>A slide scanned more coarsely than the encoder's resolution by more than this factor has too little detail for it.</summary>
    private const double CoarsestFactor = 1.5;

    public async Task<ComputedLabel> Label(string encoderId, SlideTiled slide, string cancerType, CancellationToken cancellation)
    {
        using var lease = await pool.Rent(encoderId, cancellation);
        var session = lease.Session;
        var contract = session.Card.Input;
        var scaled = slide.MicronsPerPixel is > 0;
        var places = new List<(int Column, int Row)>();
        var tiles = slides.Read(slide.SlideId, contract, scaled, options.Value.TileLimit, cancellation);
        var (embeddings, count) = await TileBag.Encode(lease, tiles, interactive: false, cancellation, places);
        var withheld = !scaled ? "The slide does not say its resolution, so its tiles may be out of scale for the encoder."
            : slide.MicronsPerPixel > CoarsestFactor * contract.MicronsPerPixel ? $"The slide has {slide.MicronsPerPixel:0.###} µm per pixel; the encoder {session.Card.Id} reads {contract.MicronsPerPixel:0.###}, finer than the slide."
            : null;
        var label = LabelMaker.Make(session, cancerType, embeddings, count, withheld);
        if (!session.Card.Trained) { return label; }
        var head = LabelMaker.Head(session, cancerType);
        return label with
        {
            Value = label.Value with { StandardError = LabelSpread.Together(LabelSpread.OfBag(head, embeddings, count), head.Disagreement(label.Bag.Pooled)) },
            Features = [.. label.Features, TopTiles.Dropped(head, embeddings, label.Bag)],
            Pictures = new Dictionary<string, byte[]> { ["tile-map"] = TopTiles.Draw(places, label.Bag.Shares) },
        };
    }
}
