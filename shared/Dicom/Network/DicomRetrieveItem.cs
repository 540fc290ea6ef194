namespace BoneMet.Dicom.Network;

/// <summary>An instance to send: what it is, and how to open it.</summary>
public sealed record DicomRetrieveItem(string SopClassUid, string SopInstanceUid, string TransferSyntaxUid, Func<CancellationToken, Task<DicomFile>> Open);
