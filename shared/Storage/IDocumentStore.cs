namespace BoneMet.Storage;

/// <summary>Documents by collection. Two implementations pass the same contract tests: SQLite (embedded) and MongoDB.</summary>
public interface IDocumentStore
{
    /// <summary>
    /// The collection of this document type; made on first use. <paramref name="indexes"/> declares, by name, the values a query may filter on
    /// (each a function of the document; null = not in this index). The collection's name is the type's name in kebab case.
    /// </summary>
    IDocumentCollection<T> Collection<T>(IReadOnlyDictionary<string, Func<T, string?>>? indexes = null)
        where T : StoredDocument;
}
