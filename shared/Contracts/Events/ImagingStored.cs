namespace BoneMet.Contracts.Events;

/// <summary>A series of the case is complete and stands as a volume. Published by DicomIngestion, once per distinct set of instances.</summary>
public sealed record ImagingStored
{
    public required string CaseId { get; init; }

    /// <summary>SHA-256 over volume, mask and seed: the key of this piece of work, the same at every site.</summary>
    public required string InputHash { get; init; }

    /// <summary>SHA-256 over the digests of the stored instances and the region asked for: what the volume was made of at this site.</summary>
    public string? Material { get; init; }
    public required string Modality { get; init; }

    /// <summary>Blob name of the volume, an NRRD file in LPS millimetres.</summary>
    public required string Volume { get; init; }

    /// <summary>Blob name of the lesion mask on the volume's grid (NRRD, uint8), or null.</summary>
    public string? Mask { get; init; }
    public string? RegionName { get; init; }

    /// <summary>Seed point in LPS millimetres when there is no mask.</summary>
    public IReadOnlyList<double>? Seed { get; init; }
    public double? DiameterMm { get; init; }

    /// <summary>Instances that make up the volume.</summary>
    public required int Instances { get; init; }

    /// <summary>Distinct instances held for the case when this volume was made: tells late news from old news.</summary>
    public required int TotalInstances { get; init; }

    /// <summary>What a reader should know: gaps, duplicates, regions not used.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
    public required DateTimeOffset At { get; init; }
}
