using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>From a bag of embeddings to the label of a cancer type, with all that says where it came from.</summary>
internal static class LabelMaker
{
    /// <exception cref="UnusableEncoderException">The encoder has no head for the cancer type.</exception>
    public static ComputedLabel Make(EncoderSession session, string cancerType, ReadOnlySpan<float> embeddings, int items, string? withheld)
    {
        var head = session.Head(cancerType)
            ?? throw new UnusableEncoderException("encoder-without-head", $"The encoder {session.Card.Id} has no head for this cancer type.");
        var bag = head.Apply(embeddings, items);
        var card = session.Card;
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
            bag.Pooled);
    }
}
