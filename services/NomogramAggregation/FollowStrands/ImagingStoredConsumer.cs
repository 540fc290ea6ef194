using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class ImagingStoredConsumer(CaseStore cases) : IConsumer<ImagingStored>
{
    public Task Consume(ConsumeContext<ImagingStored> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.ImagingStored(current, context.Message, now, cases.Timing, trace), context.CancellationToken);
}
