namespace BoneMet.DicomIngestion.Assignment;

internal sealed record AssignmentRequest(string? CaseId);
