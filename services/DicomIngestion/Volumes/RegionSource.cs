using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;

namespace BoneMet.DicomIngestion.Volumes;

/// <summary>A region that an RTSTRUCT or SEG offers, not yet rasterised.</summary>
internal sealed record RegionSource
{
    public required string Name { get; init; }

    /// <summary>RTSTRUCT or SEG.</summary>
    public required string Kind { get; init; }
    public required string SopInstanceUid { get; init; }

    /// <summary>Series that it was drawn on; empty when it does not say.</summary>
    public required IReadOnlyList<string> SeriesUids { get; init; }

    /// <summary>Contours (RTSTRUCT).</summary>
    public IReadOnlyList<Contour> Contours { get; init; } = [];

    /// <summary>The SEG's data set and segment number.</summary>
    public DicomDataset? Segmentation { get; init; }
    public DicomTransferSyntax? Syntax { get; init; }
    public int Segment { get; init; }
}
