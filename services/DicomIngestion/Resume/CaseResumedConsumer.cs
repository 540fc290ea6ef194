using BoneMet.Contracts.Events;
using BoneMet.DicomIngestion.Builds;
using BoneMet.DicomIngestion.Cases;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.DicomIngestion.Resume;

/// <summary>A case is unfinished: what is known about its images is published again.</summary>
internal sealed class CaseResumedConsumer(IDocumentCollection<CaseImaging> cases, BuildSignal signal) : IConsumer<CaseResumed>
{
    public async Task Consume(ConsumeContext<CaseResumed> context)
    {
        if (await cases.Find(context.Message.CaseId, context.CancellationToken) is not { } imaging) { return; }
        if (imaging.Received is { } received) { await context.Publish(received, context.CancellationToken); }
        if (imaging.IsOpen) { signal.Wake(); }
        else if (imaging.Stored is { } stored) { await context.Publish(stored, context.CancellationToken); }
        else if (imaging.Failure is { } failure) { await context.Publish(failure, context.CancellationToken); }
    }
}
