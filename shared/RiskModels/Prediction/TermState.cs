namespace BoneMet.RiskModels;

/// <summary>What a term made of a patient's factor.</summary>
internal enum TermState
{
    Used,

    /// <summary>Not given; stands at the cohort's average.</summary>
    Averaged,

    /// <summary>Not given (or not decidable), and no average is known.</summary>
    Missing,

    /// <summary>Given, outside the range in which the model was seen to hold; used all the same.</summary>
    OutOfRange,

    /// <summary>Given, outside the range, and the model refuses to go there.</summary>
    Refused,

    /// <summary>A level that the model has no coefficient for.</summary>
    UnknownLevel,
}
