namespace BoneMet.DicomIngestion.Volumes;

/// <summary>No volume or region can be made of what is held. The message is one sentence for a clinician, free of identity.</summary>
internal sealed class UnusableSeriesException(string code, string message) : Exception(message)
{
    /// <summary>Stable kebab-case code: "no-image-series", "region-not-found".</summary>
    public string Code { get; } = code;
}
