namespace BoneMet.Dicom.Deidentification;

/// <summary>One attribute before and after; holds identity, for the eyes of the site only.</summary>
/// <param name="Path">Where it is: "(0010,0010) PatientName", with items as "[1] &gt;".</param>
/// <param name="Action">What was done.</param>
/// <param name="Before">Value as it came.</param>
/// <param name="After">Value as it goes; null when removed.</param>
public sealed record DeidentificationChange(string Path, DeidentificationAction Action, string Before, string? After);
