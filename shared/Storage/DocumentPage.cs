namespace BoneMet.Storage;

/// <param name="Items">The documents of this page.</param>
/// <param name="Next">Cursor for the next page; null on the last.</param>
public sealed record DocumentPage<T>(IReadOnlyList<T> Items, string? Next);
