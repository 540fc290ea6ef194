using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class PathologyLabelledConsumer(CaseStore cases) : IConsumer<PathologyLabelled>
{
    public Task Consume(ConsumeContext<PathologyLabelled> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.PathologyLabelled(current, context.Message, now, trace), context.CancellationToken);
}
