using MassTransit;

namespace BoneMet.Hosting;

internal sealed class BusPublisher(IBus bus) : IMessagePublisher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private volatile bool failing;

    /// <summary>Whether the last message was not taken.</summary>
    public bool IsFailing => failing;

    public async Task Publish(object message, Type type, Guid messageId, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        try
        {
            await bus.Publish(message, type, context => context.MessageId = messageId, timeout.Token);
            failing = false;
        }
        catch
        {
            failing = true;
            throw;
        }
    }
}
