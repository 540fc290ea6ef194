using BoneMet.Contracts.Events;
using MassTransit;

namespace BoneMet.NomogramAggregation.Screening;

internal sealed class RiskThresholdCrossedConsumer(QueueWebhook queue) : IConsumer<RiskThresholdCrossed>
{
    public Task Consume(ConsumeContext<RiskThresholdCrossed> context) => queue.Handle(context.Message, context.CancellationToken);
}
