using System.Runtime.CompilerServices;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation;

internal static class DocumentPages
{
    private const int PageSize = 200;

    /// <summary>Every document that matches, page by page.</summary>
    public static async IAsyncEnumerable<T> All<T>(
        this IDocumentCollection<T> documents, IReadOnlyDictionary<string, string>? equal = null, bool descending = false, [EnumeratorCancellation] CancellationToken cancellation = default)
        where T : StoredDocument
    {
        string? after = null;
        do
        {
            var page = await documents.Query(equal, after, PageSize, descending, cancellation);
            foreach (var document in page.Items) { yield return document; }
            after = page.Next;
        }
        while (after is not null);
    }
}
