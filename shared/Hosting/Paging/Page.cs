using System.Buffers.Text;
using System.Text;
using BoneMet.Storage;

namespace BoneMet.Hosting;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the order of their ids.</param>
/// <param name="Next">The cursor of the next page; absent on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Makes pages for the API from pages of documents.</summary>
public static class Page
{
    public static Page<TView> Of<TDocument, TView>(DocumentPage<TDocument> documents, Func<TDocument, TView> view)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(view);
        return new Page<TView>([.. documents.Items.Select(view)], Cursor(documents.Next));
    }

    /// <summary>The opaque form of an id that a list continues after.</summary>
    public static string? Cursor(string? id) => id is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));
}
