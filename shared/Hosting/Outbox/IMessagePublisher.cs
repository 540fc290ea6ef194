namespace BoneMet.Hosting;

/// <summary>Hands a message to the bus; returns when the broker has confirmed it. The bus implements it; tests of the relay do as well.</summary>
internal interface IMessagePublisher
{
    Task Publish(object message, Type type, Guid messageId, CancellationToken cancellation);
}
