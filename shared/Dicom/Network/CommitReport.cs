namespace BoneMet.Dicom.Network;

/// <summary>The event report of a storage commitment (PS3.4 J.3.3).</summary>
internal static class CommitReport
{
    private const ushort NoSuchInstance = 0x0112;

    public static DicomDataset Of(string transaction, DicomCommitResult result)
    {
        var report = new DicomDataset();
        report.AddOrUpdate(DicomTag.TransactionUID, transaction);
        if (result.Committed.Count > 0) { report.AddOrUpdate(new DicomSequence(DicomTag.ReferencedSOPSequence, [.. result.Committed.Select(instance => Reference(instance, null))])); }
        if (result.Failed.Count > 0) { report.AddOrUpdate(new DicomSequence(DicomTag.FailedSOPSequence, [.. result.Failed.Select(instance => Reference(instance, NoSuchInstance))])); }
        return report;
    }

    public static DimseCommand Command(ushort eventType, ushort messageId)
    {
        var command = new DimseCommand { Field = DimseCommand.EventReportRequest, MessageId = messageId, AffectedClass = DicomUID.StorageCommitmentPushModel.UID, AffectedInstance = DicomUID.StorageCommitmentPushModelInstance.UID };
        command.Set(0x1002, eventType);
        return command;
    }

    private static DicomDataset Reference((string SopClassUid, string SopInstanceUid) instance, ushort? reason)
    {
        var item = new DicomDataset();
        item.AddOrUpdate(DicomTag.ReferencedSOPClassUID, instance.SopClassUid);
        item.AddOrUpdate(DicomTag.ReferencedSOPInstanceUID, instance.SopInstanceUid);
        if (reason is { } code) { item.AddOrUpdate(DicomTag.FailureReason, code); }
        return item;
    }
}
