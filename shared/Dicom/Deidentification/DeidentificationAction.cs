namespace BoneMet.Dicom.Deidentification;

/// <summary>What is done with an attribute: the action codes of PS3.15 table E.1-1a, each resolved to one act.</summary>
public enum DeidentificationAction
{
    /// <summary>Kept; items of a sequence are treated one by one (K).</summary>
    Keep,

    /// <summary>Removed (X).</summary>
    Remove,

    /// <summary>Left without a value (Z).</summary>
    Empty,

    /// <summary>Given a value of the same kind that says nothing (D).</summary>
    Dummy,

    /// <summary>UID replaced by a keyed one, the same for the same original (U).</summary>
    ReplaceUid,

    /// <summary>Text reduced to words of a vocabulary (C of Clean Descriptors).</summary>
    CleanText,

    /// <summary>Date moved by the patient's offset (C of Retain Longitudinal with Modified Dates).</summary>
    ShiftDate,

    /// <summary>Identifier replaced by a keyed pseudonym.</summary>
    Pseudonym,
}
