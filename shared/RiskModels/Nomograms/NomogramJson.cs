using System.Text.Json.Serialization;

namespace BoneMet.RiskModels;

/// <summary>Source-generated JSON of nomogram geometry.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NomogramGeometry))]
public sealed partial class NomogramJson : JsonSerializerContext;
