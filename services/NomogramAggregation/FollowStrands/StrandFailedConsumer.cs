using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class StrandFailedConsumer(CaseStore cases) : IConsumer<StrandFailed>
{
    public Task Consume(ConsumeContext<StrandFailed> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.StrandFailed(current, context.Message, now, trace), context.CancellationToken);
}
