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
        if (session.Card.Trained)
        {
            var spread = LabelSpread.Together(Spread(session, input, cancerType, centres, windows, embeddings), LabelMaker.Head(session, cancerType).Disagreement(label.Bag.Pooled));
            label = label with { Value = label.Value with { StandardError = spread } };
        }
        return session.Card.Trained && session.Metadata.Projection is not null ? Explain(session, input, cancerType, centres, windows, embeddings, label, cancellation) : label;
    }

    /// <summary>One lesion: the label of regions moved by one voxel of the contract in six directions. A bag: its bootstrap.</summary>
    private static double? Spread(
        EncoderSession session, VolumeInput input, string cancerType, IReadOnlyList<Point3> centres, IReadOnlyList<IntensityWindow> windows, float[] embeddings)
    {
        var (contract, head, size) = (session.Card.Input, LabelMaker.Head(session, cancerType), session.Card.Output.Embedding);
        if (centres.Count > 1) { return LabelSpread.OfBag(head, embeddings, centres.Count); }
        var step = contract.SpacingMm;
        Point3[] moves = [new(step, 0, 0), new(-step, 0, 0), new(0, step, 0), new(0, -step, 0), new(0, 0, step), new(0, 0, -step)];
        var cubes = new float[moves.Length * contract.ItemLength];
        for (var n = 0; n < moves.Length; n++) { CubeReader.Read(input, centres[0] + moves[n], contract, windows, cubes.AsSpan(n * contract.ItemLength, contract.ItemLength)); }
        var moved = new float[moves.Length * size];
        session.Encode<float>(cubes, moves.Length, moved);
        var logits = new double[moves.Length];
        for (var n = 0; n < moves.Length; n++) { logits[n] = head.Apply(moved.AsSpan(n * size, size), 1).Logit; }
        return LabelSpread.Of(logits);
    }

    /// <summary>Draws what made the label, for the cube that contributed most.</summary>
    private static ComputedLabel Explain(
        EncoderSession session, VolumeInput input, string cancerType, IReadOnlyList<Point3> centres, IReadOnlyList<IntensityWindow> windows, float[] embeddings, ComputedLabel label, CancellationToken cancellation)
    {
        var contract = session.Card.Input;
        var item = 0;
        for (var n = 1; n < centres.Count; n++)
        {
            if (Math.Abs(label.Bag.Shares[n]) > Math.Abs(label.Bag.Shares[item])) { item = n; }
        }
        var cube = new float[contract.ItemLength];
        CubeReader.Read(input, centres[item], contract, windows, cube);
        var (map, embedding) = (new float[session.Card.Output.MapLength], new float[session.Card.Output.Embedding]);
        session.Encode<float>(cube, 1, embedding, map);
        var weights = LabelMaker.Head(session, cancerType).ItemWeights(embeddings, centres.Count, label.Bag, item);
        var shares = ActivationMap.Evidence(ActivationMap.Of(map, session.Metadata.Projection!, weights));
        var effects = OcclusionMap.Of(session, cube, embedding, weights, cancellation);
        var image = cube.AsSpan(0, contract.Size * contract.Size * contract.Size);
        return label with
        {
            Pictures = new Dictionary<string, byte[]>
            {
                ["activation-map"] = VolumePicture.Draw(image, EvidenceVolume.Enlarge(shares, session.Card.Output.Map[1], contract.Size), contract.Size),
                ["occlusion-map"] = VolumePicture.Draw(image, OcclusionMap.Enlarge(effects, contract.Size), contract.Size),
            },
        };
    }
}
