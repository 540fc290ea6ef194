namespace BoneMet.Dicom;

/// <summary>
/// A series as one block of voxels: rescaled values and where they stand in the patient (mm, LPS). Index order is column (fastest), row, slice.
/// </summary>
public sealed record DicomVolume
{
    public required int Columns { get; init; }

    public required int Rows { get; init; }

    public required int Slices { get; init; }

    /// <summary>Distance in mm between columns, rows and slices.</summary>
    public required (double X, double Y, double Z) Spacing { get; init; }

    /// <summary>Centre of the first voxel of the first slice.</summary>
    public required (double X, double Y, double Z) Origin { get; init; }

    /// <summary>Unit direction of growing column index.</summary>
    public required (double X, double Y, double Z) AxisColumn { get; init; }

    /// <summary>Unit direction of growing row index.</summary>
    public required (double X, double Y, double Z) AxisRow { get; init; }

    /// <summary>Unit direction from slice to slice; the normal of the slices.</summary>
    public required (double X, double Y, double Z) AxisSlice { get; init; }

    /// <summary>Values after rescale (HU for CT, g/ml or counts as the modality says).</summary>
    public required float[] Voxels { get; init; }

    /// <summary>SOP Instance UID (and frame, from 1, after a '#' where an object holds several) of each slice, in order.</summary>
    public required IReadOnlyList<string> SliceUids { get; init; }

    public required string Modality { get; init; }

    public required string SeriesInstanceUid { get; init; }

    public required string FrameOfReferenceUid { get; init; }

    /// <summary>Units after rescale: Rescale Type, Units, or HU for CT.</summary>
    public required string Units { get; init; }

    /// <summary>What is unusual but does not forbid use: duplicates left out, uneven spacing within tolerance.</summary>
    public required IReadOnlyList<string> Findings { get; init; }
}
