namespace BoneMet.Hosting;

/// <summary>One collection whose documents carry outboxes.</summary>
internal interface IOutboxSource
{
    string Name { get; }

    /// <summary>Publishes what waits, oldest document first; true when more may wait.</summary>
    Task<bool> Drain(IMessagePublisher publisher, CancellationToken cancellation);
}
