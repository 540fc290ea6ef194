using System.Text.Json.Serialization;

namespace BoneMet.RiskModels;

/// <summary>Source-generated JSON of predictions: camel case, nulls left out. Give it to ASP.NET Core's resolver chain.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Prediction))]
public sealed partial class PredictionJson : JsonSerializerContext;
