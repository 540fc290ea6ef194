namespace BoneMet.Storage;

public interface IDocumentCollection<T>
    where T : StoredDocument
{
    Task<T?> Find(string id, CancellationToken cancellation = default);

    /// <summary>
    /// Saves when the stored version still equals <c>document.Version</c> (0: must not exist yet) and returns the document with its new version;
    /// null when somebody else was first. Durable when it returns (SQLite: WAL with full sync; MongoDB: majority and journal).
    /// </summary>
    Task<T?> TrySave(T document, CancellationToken cancellation = default);

    Task<bool> Delete(string id, long version, CancellationToken cancellation = default);

    /// <summary>
    /// A page of documents in the order of their ids (ids are time-ordered). <paramref name="equal"/> filters on declared indexes;
    /// <paramref name="after"/> is the <see cref="DocumentPage{T}.Next"/> cursor of the page before.
    /// </summary>
    Task<DocumentPage<T>> Query(
        IReadOnlyDictionary<string, string>? equal = null, string? after = null, int limit = 100, bool descending = false, CancellationToken cancellation = default);

    /// <summary>How many documents have each value of a declared index.</summary>
    Task<IReadOnlyDictionary<string, long>> CountBy(string index, CancellationToken cancellation = default);

    /// <summary>Ids of documents whose outbox is not empty, oldest first.</summary>
    Task<IReadOnlyList<string>> WithOutbox(int limit, CancellationToken cancellation = default);
}
