namespace BoneMet.DicomIngestion.Assignment;

internal sealed record UnassignedStudy(string StudyUid, string Subject, string? StudyDate, string? Description, IReadOnlyList<string> Modalities, int Instances, DateTimeOffset LastArrival);
