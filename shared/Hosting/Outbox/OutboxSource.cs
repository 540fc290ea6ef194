using System.Diagnostics;
using System.Text.Json;
using BoneMet.Storage;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

internal sealed partial class OutboxSource<T>(IDocumentCollection<T> documents, ILogger<OutboxSource<T>> logger) : IOutboxSource
    where T : StoredDocument
{
    private const int Batch = 64;
    private const int Parallel = 8;

    public string Name => typeof(T).Name;

    public async Task<bool> Drain(IMessagePublisher publisher, CancellationToken cancellation)
    {
        var ids = await documents.WithOutbox(Batch, cancellation);
        var stuck = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        Exception? fault = null;
        var faults = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(ids, options, async (id, token) =>
        {
            // Each publish to a broker that is away takes its whole patience: after one fault per lane the rest of the batch waits for the next round.
            if (Volatile.Read(ref faults) >= Parallel) { return; }
            try
            {
                if (!await Send(id, publisher, token)) { Interlocked.Increment(ref stuck); }
            }
            catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                // One document's broker fault must not keep the others from being tried; the first is reported after the round.
                Interlocked.CompareExchange(ref fault, failed, null);
                Interlocked.Increment(ref faults);
            }
        });
        if (fault is not null) { throw new InvalidOperationException($"Some outbox messages of {Name} could not be published.", fault); }
        return ids.Count == Batch && stuck < ids.Count;
    }

    /// <summary>Messages of one document leave in their order. Sent and not yet cleared when the process dies: sent again with the same id.</summary>
    private async Task<bool> Send(string id, IMessagePublisher publisher, CancellationToken cancellation)
    {
        var document = await documents.Find(id, cancellation);
        if (document is null || document.Outbox.Count == 0) { return true; }
        var sent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in document.Outbox)
        {
            if (!await Send(id, message, publisher, cancellation)) { break; }
            sent.Add(message.Id);
        }
        var all = sent.Count == document.Outbox.Count;
        while (document is not null && document.Outbox.Any(message => sent.Contains(message.Id)))
        {
            var cleared = document with { Outbox = [.. document.Outbox.Where(message => !sent.Contains(message.Id))] };
            if (await documents.TrySave(cleared, cancellation) is not null) { break; }
            document = await documents.Find(id, cancellation);
        }
        return all;
    }

    private async Task<bool> Send(string id, OutboxMessage message, IMessagePublisher publisher, CancellationToken cancellation)
    {
        if (MessageTypes.Find(message.Type) is not { } type || !Guid.TryParse(message.Id, out var messageId))
        {
            LogUnknown(Name, id, message.Type);
            return false;
        }
        using var activity = BoneMetTelemetry.Source.StartActivity("outbox relay", ActivityKind.Internal, message.TraceParent);
        activity?.SetTag("messaging.message.type", type.Name);
        var body = JsonSerializer.Deserialize(message.Body, type, DocumentJson.Options)!;
        CrashPoint.Hit(CrashPoint.BeforePublish);
        await publisher.Publish(body, type, messageId, cancellation);
        CrashPoint.Hit(CrashPoint.AfterPublish);
        BoneMetTelemetry.Relayed.Add(1, new KeyValuePair<string, object?>("message", type.Name));
        return true;
    }

    [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "{Collection} {Id} has an outbox message of the unknown type {Type}; it stays")]
    private partial void LogUnknown(string collection, string id, string type);
}
