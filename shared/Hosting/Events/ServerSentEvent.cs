namespace BoneMet.Hosting;

/// <param name="Id">Given back by the client as Last-Event-ID when it comes again; no line breaks.</param>
/// <param name="Event">Kind of the event, kebab case.</param>
/// <param name="Data">Written as JSON.</param>
public sealed record ServerSentEvent(string Id, string Event, object Data);
