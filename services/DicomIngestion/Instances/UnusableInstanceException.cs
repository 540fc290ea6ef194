namespace BoneMet.DicomIngestion.Instances;

/// <summary>An item cannot be taken as a DICOM instance. The message is written for the sender and holds no identity.</summary>
internal sealed class UnusableInstanceException(string code, string message) : Exception(message)
{
    /// <summary>Stable kebab-case code: "not-dicom", "missing-uid".</summary>
    public string Code { get; } = code;
}
