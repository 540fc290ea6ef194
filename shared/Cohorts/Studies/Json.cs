using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace BoneMet.Cohorts.Studies;

/// <summary>Numbers into JSON at full precision; what JSON cannot say (NaN, infinite) becomes null.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = JsonNumberHandling.Strict,
    };

    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(Number)];

    public static JsonArray Texts(IEnumerable<string> values) => [.. values.Select(v => (JsonNode?)JsonValue.Create(v))];

    public static JsonArray Integers(IEnumerable<int> values) => [.. values.Select(v => (JsonNode?)JsonValue.Create(v))];

    /// <summary>Row-major p × p as an array of rows.</summary>
    public static JsonArray Matrix(double[] values, int p) => [.. Enumerable.Range(0, p).Select(i => (JsonNode?)Numbers(values.Skip(i * p).Take(p)))];
}
