namespace BoneMet.FeatureExtraction.Catalogue;

/// <param name="Low">Value that becomes 0 (CT: Hounsfield units).</param>
/// <param name="High">Value that becomes 1.</param>
internal sealed record IntensityWindow(double Low, double High);
