using BoneMet.FeatureExtraction.Explain;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Volumes;
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
        var label = LabelMaker.Make(session, cancerType, embeddings, centres.Count, withheld);
        return session.Card.Trained && session.Metadata.Projection is not null ? Explain(session, input, cancerType, centres, windows, embeddings, label) : label;
    }

    /// <summary>Draws the evidence of the cube that contributed most.</summary>
    private static ComputedLabel Explain(
        EncoderSession session, VolumeInput input, string cancerType, IReadOnlyList<Point3> centres, IReadOnlyList<IntensityWindow> windows, float[] embeddings, ComputedLabel label)
    {
        var contract = session.Card.Input;
        var item = 0;
        for (var n = 1; n < centres.Count; n++)
        {
            if (Math.Abs(label.Bag.Shares[n]) > Math.Abs(label.Bag.Shares[item])) { item = n; }
        }
        var cube = new float[contract.ItemLength];
        CubeReader.Read(input, centres[item], contract, windows, cube);
        var map = new float[session.Card.Output.MapLength];
        session.Encode<float>(cube, 1, new float[session.Card.Output.Embedding], map);
        var weights = LabelMaker.Head(session, cancerType).ItemWeights(embeddings, centres.Count, label.Bag, item);
        var evidence = EvidenceVolume.Enlarge(ActivationMap.Evidence(ActivationMap.Of(map, session.Metadata.Projection!, weights)), session.Card.Output.Map[1], contract.Size);
        var picture = VolumePicture.Draw(cube.AsSpan(0, contract.Size * contract.Size * contract.Size), evidence, contract.Size);
        return label with { Pictures = new Dictionary<string, byte[]> { ["activation-map"] = picture } };
    }
}
