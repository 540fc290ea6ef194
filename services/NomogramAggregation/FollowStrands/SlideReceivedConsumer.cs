using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class SlideReceivedConsumer(CaseStore cases) : IConsumer<SlideReceived>
{
    public Task Consume(ConsumeContext<SlideReceived> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.SlideReceived(current, context.Message, now, cases.Timing, trace), context.CancellationToken);
}
