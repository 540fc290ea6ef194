namespace BoneMet.RiskModels;

/// <summary>State of a strand of a case: name "imaging", "pathology" or "clinical"; state "absent", "awaited", "working", "ready" or "failed".</summary>
public sealed record ReportStrand(string Name, string State, string? Reason = null);
