namespace BoneMet.Contracts.Api;

/// <summary>One thing that happened to a case.</summary>
/// <param name="Sequence">1, 2, 3 … within the case.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Kind">Stable kebab-case kind.</param>
/// <param name="Strand">imaging, pathology, clinical; null for the case as a whole.</param>
/// <param name="Text">One English sentence.</param>
/// <param name="TraceId">W3C trace id under which it happened.</param>
/// <param name="Words">The sentence in three languages, where the platform has words for it.</param>
public sealed record TimelineView(int Sequence, DateTimeOffset At, string Kind, string? Strand, string Text, string? TraceId, WordsView? Words = null);
