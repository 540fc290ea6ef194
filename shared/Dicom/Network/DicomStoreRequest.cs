namespace BoneMet.Dicom.Network;

/// <summary>A C-STORE-RQ with its object, which is valid until the request is answered.</summary>
public sealed record DicomStoreRequest(DicomAssociation Association, string SopClassUid, string SopInstanceUid, ReceivedObject Received);
