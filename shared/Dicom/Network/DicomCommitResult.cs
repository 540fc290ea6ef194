namespace BoneMet.Dicom.Network;

/// <summary>What a storage commitment request found: instances that are safely held, and those that are not.</summary>
public sealed record DicomCommitResult(IReadOnlyList<(string SopClassUid, string SopInstanceUid)> Committed, IReadOnlyList<(string SopClassUid, string SopInstanceUid)> Failed);
