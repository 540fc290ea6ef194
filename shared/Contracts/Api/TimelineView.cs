namespace BoneMet.Contracts.Api;

public sealed record TimelineView(int Sequence, DateTimeOffset At, string Kind, string? Strand, string Text, string? TraceId);
