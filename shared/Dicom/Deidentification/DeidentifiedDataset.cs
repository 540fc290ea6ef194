namespace BoneMet.Dicom.Deidentification;

/// <summary>A data set without identity, or the reason why it is held back.</summary>
public sealed record DeidentifiedDataset
{
    public required DicomDataset Dataset { get; init; }

    /// <summary>Why the object must not be released (a sentence), or null. A held-back data set is not to be stored.</summary>
    public string? HeldBack { get; init; }

    /// <summary>The patient's pseudonym at this site.</summary>
    public required string Pseudonym { get; init; }

    /// <summary>Days that dates were moved by; 0 when dates were not kept.</summary>
    public required int DateOffsetDays { get; init; }
    public IReadOnlyList<DeidentificationChange> Changes { get; init; } = [];

    /// <summary>Identity that the original held, for the verifier's search.</summary>
    public required IReadOnlyCollection<string> Identity { get; init; }
}
