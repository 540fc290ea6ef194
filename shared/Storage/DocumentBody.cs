using System.Text;
using System.Text.Json;

namespace BoneMet.Storage;

/// <summary>A document as the text that stores keep.</summary>
internal static class DocumentBody
{
    /// <summary>MongoDB takes 16 MiB; SQLite keeps to the same, so that what runs on one runs on the other.</summary>
    public const int Largest = 15 << 20;

    public static string Write<T>(T document)
        where T : StoredDocument
    {
        var body = JsonSerializer.Serialize(document, DocumentJson.Options);
        return Encoding.UTF8.GetByteCount(body) <= Largest
            ? body
            : throw new InvalidOperationException($"{typeof(T).Name} {document.Id} would be larger than {Largest >> 20} MiB; large content belongs in a blob.");
    }

    /// <summary>When the oldest waiting message was written, in ticks; null when the outbox is empty.</summary>
    public static long? Pending(StoredDocument document) => document.Outbox.Count == 0 ? null : document.Outbox.Min(message => message.At.UtcTicks);
}
