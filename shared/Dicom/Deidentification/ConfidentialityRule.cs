namespace BoneMet.Dicom.Deidentification;

/// <summary>One row of PS3.15 table E.1-1: the codes of the basic profile and of the options that this library offers.</summary>
/// <param name="Tag">The attribute.</param>
/// <param name="Name">Its name.</param>
/// <param name="Basic">Basic profile: X, Z, D, U or a choice such as X/Z/D.</param>
/// <param name="PatientCharacteristics">Retain Patient Characteristics: K, C or empty.</param>
/// <param name="ModifiedDates">Retain Longitudinal with Modified Dates: C or empty.</param>
/// <param name="Descriptors">Clean Descriptors: C or empty.</param>
public sealed record ConfidentialityRule(DicomTag Tag, string Name, string Basic, string PatientCharacteristics, string ModifiedDates, string Descriptors)
{
    /// <summary>
    /// The one act for this attribute under the options. Of a choice the act that keeps objects valid whatever the attribute's type in its module is taken:
    /// a dummy rather than nothing, an empty value rather than none.
    /// </summary>
    public DeidentificationAction Resolve(DeidentificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.RetainPatientCharacteristics)
        {
            if (PatientCharacteristics == "K") { return DeidentificationAction.Keep; }
            if (PatientCharacteristics == "C") { return DeidentificationAction.CleanText; }
        }
        if (options.RetainLongitudinalModifiedDates && ModifiedDates == "C") { return DeidentificationAction.ShiftDate; }
        if (options.CleanDescriptors && Descriptors == "C") { return DeidentificationAction.CleanText; }
        return Basic switch
        {
            "X" => DeidentificationAction.Remove,
            "Z" or "X/Z" => DeidentificationAction.Empty,
            "D" or "X/D" or "Z/D" or "X/Z/D" => DeidentificationAction.Dummy,
            "U" or "X/Z/U*" => DeidentificationAction.ReplaceUid,
            _ => DeidentificationAction.Remove,
        };
    }
}
