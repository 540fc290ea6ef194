namespace BoneMet.FeatureExtraction.Fuse;

/// <param name="Logit">The fused label.</param>
/// <param name="WithoutImaging">What it is when the imaging strand is missing.</param>
/// <param name="WithoutPathology">What it is when the pathology strand is missing.</param>
/// <param name="ImagingGate">How far the channels of imaging are let through, 0 to 1.</param>
/// <param name="PathologyGate">How far the channels of pathology are let through, 0 to 1.</param>
internal sealed record FusionResult(double Logit, double WithoutImaging, double WithoutPathology, double ImagingGate, double PathologyGate);
