namespace BoneMet.Contracts.Events;

/// <summary>The label of imaging and pathology together, and what each adds to it. Shown with the case; it enters no model.</summary>
public sealed record FusedLabelValue
{
    public required ImageLabelValue Label { get; init; }

    /// <summary>Input hash of the imaging label that went into it.</summary>
    public required string ImagingHash { get; init; }

    /// <summary>Input hash of the pathology label that went into it.</summary>
    public required string PathologyHash { get; init; }

    /// <summary>The same label with imaging taken away.</summary>
    public required double WithoutImaging { get; init; }

    /// <summary>The same label with pathology taken away.</summary>
    public required double WithoutPathology { get; init; }

    /// <summary>How far the channels of imaging are let through, 0 to 1.</summary>
    public required double ImagingGate { get; init; }

    /// <summary>How far the channels of pathology are let through, 0 to 1.</summary>
    public required double PathologyGate { get; init; }
}
