namespace BoneMet.Contracts.Events;

/// <summary>DICOM instances of a case are durably stored. Published by DicomIngestion, once per accepted upload.</summary>
public sealed record ImagesReceived
{
    public required string CaseId { get; init; }

    /// <summary>Instances that this upload brought.</summary>
    public required int Instances { get; init; }

    /// <summary>Distinct instances held for the case after this upload.</summary>
    public required int TotalInstances { get; init; }
    public required DateTimeOffset At { get; init; }
}
