using System.Text.Json;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>What an encoder's ONNX file carries beside its graph: heads with their calibration, the last layer, the guard, the readings.</summary>
internal sealed record EncoderMetadata
{
    public required IReadOnlyList<BagHead> Heads { get; init; }
    public LinearProjection? Projection { get; init; }
    public RangeGuard? Guard { get; init; }
    public IReadOnlyList<LinearReading> Readings { get; init; } = [];

    /// <exception cref="FormatException">An entry cannot be read or does not fit.</exception>
    public static EncoderMetadata Read(IReadOnlyDictionary<string, string> entries, int channels, int embedding)
    {
        try
        {
            return new()
            {
                Heads = [.. (Document<HeadDocument[]>("bonemet.heads") ?? []).Select(head => BagHead.From(head, embedding))],
                Projection = Document<ProjectionDocument>("bonemet.projection") is { } last ? new(EncoderSession.Floats(last.Weights), EncoderSession.Floats(last.Bias), channels, embedding) : null,
                Guard = Document<GuardDocument>("bonemet.guard") is { } guard ? new(guard, embedding) : null,
                Readings = [.. (Document<ReadingDocument[]>("bonemet.readings") ?? []).Select(reading => new LinearReading(reading, embedding))],
            };
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new FormatException(exception.Message, exception);
        }

        T? Document<T>(string key)
            where T : class => entries.TryGetValue(key, out var text) ? JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web) : null;
    }
}
