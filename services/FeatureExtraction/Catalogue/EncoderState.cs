namespace BoneMet.FeatureExtraction.Catalogue;

/// <summary>Whether an encoder labels cases.</summary>
internal enum EncoderState
{
    /// <summary>It may label cases.</summary>
    Champion,

    /// <summary>It can be asked for by name, and is never chosen.</summary>
    Candidate,

    /// <summary>It is kept so that old labels can be explained, and is never chosen.</summary>
    Retired,
}
