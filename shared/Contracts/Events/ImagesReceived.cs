namespace BoneMet.Contracts.Events;

/// <summary>DICOM instances of a case are durably stored. Published by DicomIngestion, once per accepted upload.</summary>
public sealed record ImagesReceived
{
    public required string CaseId { get; init; }
    public required int Instances { get; init; }
    public required DateTimeOffset At { get; init; }
}
