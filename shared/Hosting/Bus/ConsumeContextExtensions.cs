using MassTransit;

namespace BoneMet.Hosting;

public static class ConsumeContextExtensions
{
    /// <summary>The message's id, as a document's Handled list keeps it: the same at every redelivery.</summary>
    public static string HandledId(this ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.MessageId?.ToString("D") ?? throw new PermanentFaultException("message-without-id", "A message without an id cannot be recognised when it comes again.");
    }
}
