namespace BoneMet.NomogramAggregation.Cases;

/// <summary>One thing that happened to a case, in words; free of identity.</summary>
/// <param name="Sequence">1, 2, 3 … within the case: the id of the server-sent event.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Kind">Stable kebab-case kind: "case-created", "strand-ready", "prediction-added".</param>
/// <param name="Strand">imaging, pathology, clinical; null for the case as a whole.</param>
/// <param name="Text">One sentence.</param>
/// <param name="TraceId">W3C trace id under which it happened.</param>
internal sealed record TimelineEntry(int Sequence, DateTimeOffset At, string Kind, string? Strand, string Text, string? TraceId);
