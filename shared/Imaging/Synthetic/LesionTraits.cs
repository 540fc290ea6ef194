namespace BoneMet.Imaging.Synthetic;

/// <summary>What a generated lesion is like.</summary>
/// <param name="RadiusMm">Radius of its smooth body, mm.</param>
/// <param name="Spiculation">0 smooth margin … 1 long spicules.</param>
/// <param name="Heterogeneity">0 even … 1 strongly mottled.</param>
/// <param name="Necrosis">0 none … 1 most of the core.</param>
public sealed record LesionTraits(double RadiusMm, double Spiculation, double Heterogeneity, double Necrosis);
