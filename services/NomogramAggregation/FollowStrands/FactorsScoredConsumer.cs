using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using MassTransit;

namespace BoneMet.NomogramAggregation.FollowStrands;

internal sealed class FactorsScoredConsumer(CaseStore cases) : IConsumer<FactorsScored>
{
    public Task Consume(ConsumeContext<FactorsScored> context) =>
        cases.Change(context.Message.CaseId, context.MessageId, (current, now, trace) => CaseChanges.FactorsScored(current, context.Message, now, trace), context.CancellationToken);
}
