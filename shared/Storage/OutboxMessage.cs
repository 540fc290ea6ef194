namespace BoneMet.Storage;

/// <summary>A message that waits inside its document until the broker has confirmed it.</summary>
/// <param name="Id">Message id, unique; the consumer's key for recognising a redelivery.</param>
/// <param name="Type">Full name of the message record, in BoneMet.Contracts.Events.</param>
/// <param name="Body">The message as JSON.</param>
/// <param name="TraceParent">W3C trace context of the act that caused it.</param>
/// <param name="At">When it was written.</param>
public sealed record OutboxMessage(string Id, string Type, string Body, string? TraceParent, DateTimeOffset At);
