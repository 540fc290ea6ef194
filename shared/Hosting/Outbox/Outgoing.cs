using System.Diagnostics;
using System.Text.Json;
using BoneMet.Storage;

namespace BoneMet.Hosting;

public static class Outgoing
{
    /// <summary>A message for a document's outbox; it continues the present trace when it is published.</summary>
    public static OutboxMessage Message<T>(T message, TimeProvider clock)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return new OutboxMessage(Guid.CreateVersion7(now).ToString("D"), typeof(T).FullName!, JsonSerializer.Serialize(message, DocumentJson.Options), Activity.Current?.Id, now);
    }
}
