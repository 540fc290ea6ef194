using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class ImagesReceivedConsumer(CaseStore cases) : IConsumer<ImagesReceived>
{
    public Task Consume(ConsumeContext<ImagesReceived> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.ImagesReceived(current, context.Message, now, cases.Timing, trace), context.CancellationToken);
}
