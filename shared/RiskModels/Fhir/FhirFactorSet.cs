namespace BoneMet.RiskModels;

/// <summary>Factors found in FHIR resources, and what did not map.</summary>
public sealed record FhirFactorSet(IReadOnlyList<SubmittedFactor> Factors, IReadOnlyList<string> NotMapped);
