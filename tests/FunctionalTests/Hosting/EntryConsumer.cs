using BoneMet.Hosting;
using MassTransit;

namespace BoneMet.FunctionalTests.Hosting;

internal sealed class EntryConsumer(Received received) : IConsumer<EntryWritten>
{
    public Task Consume(ConsumeContext<EntryWritten> context)
    {
        received.Add(context.HandledId(), context.Message);
        return Task.CompletedTask;
    }
}
