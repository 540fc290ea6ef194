using BoneMet.Contracts.Events;
using MassTransit;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>Says again what is known about a case that is not finished.</summary>
internal sealed class CaseResumedConsumer(LabelStore labels) : IConsumer<CaseResumed>
{
    public async Task Consume(ConsumeContext<CaseResumed> context)
    {
        foreach (var record in await labels.Latest(context.Message.CaseId, context.CancellationToken))
        {
            if (record.Imaging is { } imaging) { await context.Publish(imaging, context.CancellationToken); }
            if (record.Pathology is { } pathology) { await context.Publish(pathology, context.CancellationToken); }
        }
    }
}
