using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>Volume → cubes → embeddings → pooled label.</summary>
internal sealed class VolumeLabeller(EncoderPool pool, IOptions<InferenceOptions> options)
{
    /// <exception cref="InvalidInputException">No label can be computed from this volume.</exception>
    /// <exception cref="UnusableEncoderException">The encoder must not serve.</exception>
    public async Task<ComputedLabel> Label(string encoderId, VolumeInput input, string cancerType, CancellationToken cancellation)
    {
        using var lease = await pool.Rent(encoderId, cancellation);
        return await Task.Run(() => Compute(lease.Session, input, cancerType, cancellation), cancellation);
    }

    private ComputedLabel Compute(EncoderSession session, VolumeInput input, string cancerType, CancellationToken cancellation)
    {
        var contract = session.Card.Input;
        var centres = CubePlan.Centres(input, contract, options.Value.CubeLimit);
        var windows = CubeReader.Windows(input, contract);
        var (length, size) = (contract.ItemLength, session.Card.Output.Embedding);
        var cubes = new float[Math.Min(session.LargestBatch, centres.Count) * length];
        var embeddings = new float[centres.Count * size];
        for (var done = 0; done < centres.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(session.LargestBatch, centres.Count - done);
            for (var i = 0; i < count; i++) { CubeReader.Read(input, centres[done + i], contract, windows, cubes.AsSpan(i * length, length)); }
            session.Encode<float>(cubes.AsSpan(0, count * length), count, embeddings.AsSpan(done * size, count * size));
            done += count;
        }
        var withheld = contract.Modalities.Contains(input.Modality)
            ? null
            : $"The encoder {session.Card.Id} is made for {string.Join(" and ", contract.Modalities)}; these images are {input.Modality}, outside its range.";
        return LabelMaker.Make(session, cancerType, embeddings, centres.Count, withheld);
    }
}
