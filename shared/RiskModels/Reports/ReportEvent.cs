namespace BoneMet.RiskModels;

/// <summary>One line of a case's timeline, free of identity.</summary>
public sealed record ReportEvent(DateTimeOffset At, string Text);
