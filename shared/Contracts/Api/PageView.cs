namespace BoneMet.Contracts.Api;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">Give it as `after` to get the next page; absent on the last.</param>
public sealed record PageView<T>(IReadOnlyList<T> Items, string? Next);
