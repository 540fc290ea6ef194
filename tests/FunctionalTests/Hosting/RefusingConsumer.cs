using BoneMet.Hosting;
using MassTransit;

namespace BoneMet.FunctionalTests.Hosting;

/// <summary>Fails for good.</summary>
internal sealed class RefusingConsumer(Received received) : IConsumer<EntryWritten>
{
    public Task Consume(ConsumeContext<EntryWritten> context)
    {
        received.Add(context.HandledId(), context.Message);
        throw new PermanentFaultException("unreadable-entry", "This entry can never be read.");
    }
}
