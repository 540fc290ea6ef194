using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Fuse;
using MassTransit;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>Says again what is known about a case that is not finished.</summary>
internal sealed class CaseResumedConsumer(LabelStore labels, CaseFacts cases, FuseLabels fusion) : IConsumer<CaseResumed>
{
    public async Task Consume(ConsumeContext<CaseResumed> context)
    {
        var cancerType = await cases.CancerType(context.Message.CaseId, context.CancellationToken);
        foreach (var record in await labels.Latest(context.Message.CaseId, context.CancellationToken))
        {
            if (record.Imaging is { } imaging) { await context.Publish(await fusion.With(imaging, cancerType, context.CancellationToken), context.CancellationToken); }
            if (record.Pathology is { } pathology) { await context.Publish(await fusion.With(pathology, cancerType, context.CancellationToken), context.CancellationToken); }
        }
    }
}
