namespace BoneMet.RiskModels;

/// <summary>A code of a terminology: system "loinc", "sct" (SNOMED CT), "ncit", "icd" (ICD-10) or "icd-o-3".</summary>
public sealed record FactorCode(string System, string Code);
