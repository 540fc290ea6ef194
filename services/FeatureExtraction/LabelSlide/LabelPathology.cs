using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Hosting;

namespace BoneMet.FeatureExtraction.LabelSlide;

/// <summary>The pathology label of a case: found when it was computed before, else computed and stored.</summary>
internal static class LabelPathology
{
    public static async Task<LabelResult> Handle(
        SlideTiled slide, CaseFacts cases, EncoderChoice encoders, SlideLabeller labeller, LabelStore labels, TimeProvider clock, CancellationToken cancellation)
    {
        if (slide.TissueTiles == 0) { return new LabelResult.Failed("slide-without-tissue", "The slide has no tissue tile, so no label can be computed."); }
        var cancerType = await cases.CancerType(slide.CaseId, cancellation);
        try
        {
            var card = encoders.For(Strand.Pathology, cancerType);
            var id = LabelKey.For(slide.CaseId, Strand.Pathology, slide.InputHash, card.Sha256);
            if (await labels.Find(id, cancellation) is { } known) { return new LabelResult.Labelled(known); }

            ComputedLabel label;
            using (Work.Begin("infer")) { label = await labeller.Label(card.Id, slide, cancerType, cancellation); }
            var now = clock.GetUtcNow();
            return new LabelResult.Labelled(await labels.Keep(
                new LabelRecord
                {
                    Id = id,
                    CaseId = slide.CaseId,
                    Step = Strand.Pathology,
                    At = now,
                    Pathology = new PathologyLabelled
                    {
                        CaseId = slide.CaseId,
                        InputHash = slide.InputHash,
                        Label = label.Value,
                        Features = label.Features,
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
}
