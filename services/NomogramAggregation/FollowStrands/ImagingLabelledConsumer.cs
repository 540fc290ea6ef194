using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class ImagingLabelledConsumer(CaseStore cases) : IConsumer<ImagingLabelled>
{
    public Task Consume(ConsumeContext<ImagingLabelled> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.ImagingLabelled(current, context.Message, now, trace), context.CancellationToken);
}
