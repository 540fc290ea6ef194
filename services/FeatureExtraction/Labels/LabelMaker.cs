using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>From a bag of embeddings to the label of a cancer type, with all that says where it came from.</summary>
internal static class LabelMaker
{
    /// <exception cref="UnusableEncoderException">The encoder has no head for the cancer type.</exception>
    public static ComputedLabel Make(EncoderSession session, string cancerType, ReadOnlySpan<float> embeddings, int items, string? withheld)
    {
        var (card, metadata) = (session.Card, session.Metadata);
        var bag = Head(session, cancerType).Apply(embeddings, items);
        var features = new List<NamedValue>();
        if (metadata.Guard is { } guard)
        {
            var distance = guard.Distance(bag.Pooled);
            features.Add(new($"Distance from the training data ({card.Id}; withheld beyond {guard.Threshold:0.0})", distance));
            if (distance > guard.Threshold) { withheld ??= $"The images lie outside the range that the encoder {card.Id} was trained on (distance {distance:0.0}, limit {guard.Threshold:0.0})."; }
        }
        foreach (var reading in metadata.Readings) { features.Add(new($"Read by {card.Id} without a mask: {reading.Name.Replace('_', ' ')}", reading.Of(bag.Pooled))); }
        return new(
            new ImageLabelValue
            {
                Logit = bag.Logit,
                EncoderId = card.Id,
                EncoderVersion = card.Version,
                EncoderSha256 = card.Sha256,
                Trained = card.Trained,
                Synthetic = card.Synthetic,
                Provider = session.Decision.Provider,
                Items = items,
                Withheld = withheld,
            },
            bag,
            features);
    }

    /// <exception cref="UnusableEncoderException">The encoder has no head for the cancer type.</exception>
    public static BagHead Head(EncoderSession session, string cancerType) =>
        session.Head(cancerType) ?? throw new UnusableEncoderException("encoder-without-head", $"The encoder {session.Card.Id} has no head for this cancer type.");
}
