namespace BoneMet.DicomIngestion.Instances;

internal enum StoreOutcome
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>The same bytes were held already.</summary>
    Same,

    /// <summary>Other bytes under a UID that is held: kept beside the first, and reported.</summary>
    Conflict,
}
