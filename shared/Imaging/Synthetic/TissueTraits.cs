namespace BoneMet.Imaging.Synthetic;

/// <summary>What generated tissue is like.</summary>
/// <param name="NuclearRadius">Mean radius of the nuclei, µm.</param>
/// <param name="NucleiPerMm2">Nuclei in a square millimetre.</param>
public sealed record TissueTraits(double NuclearRadius, double NucleiPerMm2);
