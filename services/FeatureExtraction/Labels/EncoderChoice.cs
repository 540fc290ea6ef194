using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>Which encoder labels a strand: the configured one, else the best fit of the catalogue.</summary>
internal sealed class EncoderChoice(EncoderCatalogue catalogue, IOptions<InferenceOptions> options)
{
    /// <exception cref="UnusableEncoderException">There is none.</exception>
    public EncoderCard For(string strand, string cancerType)
    {
        var wanted = strand == Strand.Imaging ? options.Value.ImagingEncoder : options.Value.PathologyEncoder;
        if (wanted.Length > 0)
        {
            return catalogue.Find(wanted) is { } named && named.Card.Modality == strand
                ? named.Card
                : throw new UnusableEncoderException("encoder-missing", $"The configured encoder {wanted} is not here or is not for {strand}.");
        }
        return catalogue.Choose(strand, cancerType)?.Card ?? throw new UnusableEncoderException("encoder-missing", $"There is no encoder for {strand}.");
    }
}
