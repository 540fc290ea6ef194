using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Hosting;

namespace BoneMet.FeatureExtraction.LabelVolume;

/// <summary>The imaging label of a case: found when it was computed before, else computed and stored.</summary>
internal static class LabelImaging
{
    public static async Task<LabelResult> Handle(
        ImagingStored stored, CaseFacts cases, EncoderChoice encoders, VolumeReader volumes, VolumeLabeller labeller, LabelStore labels, TimeProvider clock, CancellationToken cancellation)
    {
        var cancerType = await cases.CancerType(stored.CaseId, cancellation);
        try
        {
            var card = encoders.For(Strand.Imaging, cancerType);
            var id = LabelKey.For(stored.CaseId, Strand.Imaging, stored.InputHash, card.Sha256);
            if (await labels.Find(id, cancellation) is { } known) { return new LabelResult.Labelled(known); }

            VolumeInput input;
            using (Work.Begin("decode")) { input = await volumes.Read(stored.Volume, stored.Mask, stored.Seed, stored.Modality, cancellation); }
            ComputedLabel label;
            using (Work.Begin("infer")) { label = await labeller.Label(card.Id, input, cancerType, cancellation); }
            var now = clock.GetUtcNow();
            return new LabelResult.Labelled(await labels.Keep(
                new LabelRecord
                {
                    Id = id,
                    CaseId = stored.CaseId,
                    Step = Strand.Imaging,
                    At = now,
                    Imaging = new ImagingLabelled
                    {
                        CaseId = stored.CaseId,
                        InputHash = stored.InputHash,
                        Label = label.Value,
                        Features = [.. Features(input), .. label.Features],
                        Embedding = await labels.PutEmbedding(label.Bag.Pooled, cancellation),
                        Pictures = await labels.PutPictures(label.Pictures, cancellation),
                        At = now,
                    },
                },
                cancellation));
        }
        catch (InvalidInputException refusal)
        {
            return new LabelResult.Failed(refusal.Code, refusal.Message);
        }
        catch (UnusableEncoderException refusal)
        {
            return new LabelResult.Failed(refusal.Code, refusal.Message);
        }
    }

    private static IReadOnlyList<NamedValue> Features(VolumeInput input) =>
        input.Mask is { Count: > 0 } mask ? [new("Lesion volume (voxel counting)", mask.VolumeMm3, "mm3", "YEKZ")] : [];
}
