namespace BoneMet.Dicom.Deidentification;

/// <summary>Where a kind of device burns text into its images. Conditions that are null hold for all; text is compared without case.</summary>
public sealed record PixelRule
{
    public string? Modality { get; init; }
    public string? Manufacturer { get; init; }
    public string? Model { get; init; }
    public string? StationName { get; init; }
    public int? Rows { get; init; }
    public int? Columns { get; init; }

    /// <summary>Blanked in every frame; empty: this kind is known to burn nothing in.</summary>
    public required IReadOnlyList<PixelRegion> Regions { get; init; }

    internal bool Matches(DicomDataset dataset)
    {
        bool Same(string? wanted, DicomTag tag) => wanted is null || string.Equals(wanted, dataset.GetSingleValueOrDefault(tag, "").Trim(), StringComparison.OrdinalIgnoreCase);
        return Same(Modality, DicomTag.Modality) && Same(Manufacturer, DicomTag.Manufacturer) && Same(Model, DicomTag.ManufacturerModelName) && Same(StationName, DicomTag.StationName)
            && (Rows is null || Rows == dataset.GetSingleValueOrDefault(DicomTag.Rows, 0)) && (Columns is null || Columns == dataset.GetSingleValueOrDefault(DicomTag.Columns, 0));
    }
}
