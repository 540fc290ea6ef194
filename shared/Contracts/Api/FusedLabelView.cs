namespace BoneMet.Contracts.Api;

/// <summary>Imaging and pathology fused into one label, and what it would be without each. Shown; it enters no model.</summary>
public sealed record FusedLabelView
{
    public required LabelView Label { get; init; }
    public required double WithoutImaging { get; init; }
    public required double WithoutPathology { get; init; }

    /// <summary>How far the channels of each modality are let through, 0 to 1.</summary>
    public required double ImagingGate { get; init; }
    public required double PathologyGate { get; init; }
}
