namespace BoneMet.DicomIngestion.Cases;

/// <summary>A region that a SEG or RTSTRUCT of the case offers.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Source">RTSTRUCT or SEG.</param>
/// <param name="SopInstanceUid">The instance it is in.</param>
/// <param name="Chosen">True for the one that became the lesion mask.</param>
internal sealed record RegionFound(string Name, string Source, string SopInstanceUid, bool Chosen);
