namespace BoneMet.Hosting;

/// <summary>Publishes what waits in the outboxes of documents.</summary>
public interface IOutboxRelay
{
    /// <summary>Call after a save that put a message into an outbox; without it the message leaves some seconds later.</summary>
    void Wake();
}
