using System.Diagnostics;
using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Drift;
using BoneMet.FeatureExtraction.Fuse;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.FeatureExtraction.LabelSlide;

internal sealed class SlideTiledConsumer(CaseFacts cases, EncoderChoice encoders, SlideLabeller labeller, LabelStore labels, FuseLabels fusion, DriftMonitor drift, TimeProvider clock) : IConsumer<SlideTiled>
{
    public async Task Consume(ConsumeContext<SlideTiled> context)
    {
        var slide = context.Message;
        switch (await LabelPathology.Handle(slide, cases, encoders, labeller, labels, clock, context.CancellationToken))
        {
            case LabelResult.Labelled { Record: { Pathology: { } label } record }:
                CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
                await context.Publish(await fusion.With(label, await cases.CancerType(label.CaseId, context.CancellationToken), context.CancellationToken), context.CancellationToken);
                CrashPoint.Hit(CrashPoint.AfterPublish);
                await drift.Observe(record, context.CancellationToken);
                break;
            case LabelResult.Failed failed:
                await context.Publish(
                    new StrandFailed { CaseId = slide.CaseId, Strand = Strand.Pathology, InputHash = slide.InputHash, Code = failed.Code, Reason = failed.Reason, At = clock.GetUtcNow() },
                    context.CancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
