using System.Diagnostics;
using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Drift;
using BoneMet.FeatureExtraction.Fuse;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.FeatureExtraction.LabelVolume;

internal sealed class ImagingStoredConsumer(CaseFacts cases, EncoderChoice encoders, VolumeReader volumes, VolumeLabeller labeller, LabelStore labels, FuseLabels fusion, DriftMonitor drift, TimeProvider clock)
    : IConsumer<ImagingStored>
{
    public async Task Consume(ConsumeContext<ImagingStored> context)
    {
        var stored = context.Message;
        switch (await LabelImaging.Handle(stored, cases, encoders, volumes, labeller, labels, clock, context.CancellationToken))
        {
            case LabelResult.Labelled { Record: { Imaging: { } label } record }:
                CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
                await context.Publish(await fusion.With(label, await cases.CancerType(label.CaseId, context.CancellationToken), context.CancellationToken), context.CancellationToken);
                CrashPoint.Hit(CrashPoint.AfterPublish);
                await drift.Observe(record, context.CancellationToken);
                break;
            case LabelResult.Failed failed:
                await context.Publish(
                    new StrandFailed { CaseId = stored.CaseId, Strand = Strand.Imaging, InputHash = stored.InputHash, Code = failed.Code, Reason = failed.Reason, At = clock.GetUtcNow() },
                    context.CancellationToken);
                break;
            default:
                throw new UnreachableException();
        }
    }
}
