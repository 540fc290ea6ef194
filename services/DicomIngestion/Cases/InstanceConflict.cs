namespace BoneMet.DicomIngestion.Cases;

/// <summary>Other bytes that arrived under an instance's UID: kept as a blob and reported, never put in the first one's place.</summary>
/// <param name="Blob">Blob of the later bytes.</param>
/// <param name="At">When they arrived.</param>
internal sealed record InstanceConflict(string Blob, DateTimeOffset At);
