namespace BoneMet.DicomIngestion.Instances;

/// <summary>The object may show identity in its pixels or content: it is not stored. The message says why, for the sender.</summary>
internal sealed class HeldBackException(string message) : Exception(message);
