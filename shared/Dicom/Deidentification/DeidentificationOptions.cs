namespace BoneMet.Dicom.Deidentification;

/// <summary>Options of the Basic Application Level Confidentiality Profile (PS3.15 Annex E.3).</summary>
public sealed record DeidentificationOptions
{
    /// <summary>What the platform does: all the options below.</summary>
    public static DeidentificationOptions Default { get; } = new();

    /// <summary>113105: descriptive text is reduced to words of a vocabulary; otherwise it goes.</summary>
    public bool CleanDescriptors { get; init; } = true;

    /// <summary>113107: dates move by an offset of the patient; otherwise they go.</summary>
    public bool RetainLongitudinalModifiedDates { get; init; } = true;

    /// <summary>113108: sex, age, size, weight and the like stay.</summary>
    public bool RetainPatientCharacteristics { get; init; } = true;

    /// <summary>113111: private attributes of this list stay when their value is a number; all others go. Empty: all go.</summary>
    public IReadOnlyList<SafePrivate> SafePrivate { get; init; } = Deidentification.SafePrivate.Standard;

    /// <summary>113101: images of these devices are blanked where text is burnt in. The first rule that matches counts.</summary>
    public IReadOnlyList<PixelRule> PixelRules { get; init; } = [];

    /// <summary>Kinds of objects whose pixels may show identity are not released unless a pixel rule covers them.</summary>
    public bool HoldBackRiskyPixels { get; init; } = true;

    /// <summary>Words, beyond the vocabulary, that cleaned text may keep: a region's name that a submitter asks for.</summary>
    public IReadOnlyList<string> ExtraWords { get; init; } = [];

    /// <summary>Keep a list of all changes for a preview.</summary>
    public bool RecordChanges { get; init; }
}
