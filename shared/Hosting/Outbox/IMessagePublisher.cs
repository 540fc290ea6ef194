namespace BoneMet.Hosting;

/// <summary>
/// Hands a message to the bus; returns when the broker has confirmed it. A state change uses an outbox instead: this is for what may be told
/// again at any time, such as <see cref="Contracts.Events.CaseResumed"/>.
/// </summary>
public interface IMessagePublisher
{
    Task Publish(object message, Type type, Guid messageId, CancellationToken cancellation);
}
