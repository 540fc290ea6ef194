namespace BoneMet.Storage;

/// <summary>The two bookkeeping steps that every consumer of messages takes on its document.</summary>
public static class DocumentHandling
{
    /// <summary>True when this message has already changed the document.</summary>
    public static bool HasHandled(this StoredDocument document, string messageId)
    {
        ArgumentNullException.ThrowIfNull(document);
        for (var i = document.Handled.Count - 1; i >= 0; i--)
        {
            if (document.Handled[i] == messageId) { return true; }
        }
        return false;
    }

    /// <summary>The document with this message id remembered; of more than <see cref="StoredDocument.HandledLimit"/> the oldest are forgotten.</summary>
    public static T WithHandled<T>(this T document, string messageId)
        where T : StoredDocument
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.HasHandled(messageId)) { return document; }
        var surplus = document.Handled.Count + 1 - StoredDocument.HandledLimit;
        return document with { Handled = [.. document.Handled.Skip(Math.Max(0, surplus)), messageId] };
    }

    /// <summary>The document with these messages waiting in its outbox, after those that wait already.</summary>
    public static T WithOutgoing<T>(this T document, params ReadOnlySpan<OutboxMessage> messages)
        where T : StoredDocument
    {
        ArgumentNullException.ThrowIfNull(document);
        return document with { Outbox = [.. document.Outbox, .. messages] };
    }
}
