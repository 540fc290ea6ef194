namespace BoneMet.Dicom.Deidentification;

/// <summary>Something in the output that should not be there. Names the attribute, not the value.</summary>
public sealed record DeidentificationFinding(string Path, string Reason);
