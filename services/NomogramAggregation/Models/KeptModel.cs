namespace BoneMet.NomogramAggregation.Models;

/// <summary>A model document with the SHA-256 of its canonical form.</summary>
internal sealed record KeptModel(string Sha256, string Json);
