using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class SlideTiledConsumer(CaseStore cases) : IConsumer<SlideTiled>
{
    public Task Consume(ConsumeContext<SlideTiled> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.SlideTiled(current, context.Message, now, cases.Timing, trace), context.CancellationToken);
}
