namespace BoneMet.Contracts.Api;

public sealed record StrandView
{
    /// <summary>absent, awaited, working, ready or failed.</summary>
    public required string Status { get; init; }
    public DateTimeOffset? Since { get; init; }
    public string? InputHash { get; init; }

    /// <summary>Why it failed: a stable code and one sentence.</summary>
    public string? Code { get; init; }
    public string? Reason { get; init; }

    /// <summary>The reason in three languages, where the platform has words for it.</summary>
    public WordsView? ReasonWords { get; init; }
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The notes in three languages, in the same order.</summary>
    public IReadOnlyList<WordsView>? NoteWords { get; init; }
    public LabelView? Label { get; init; }
}
