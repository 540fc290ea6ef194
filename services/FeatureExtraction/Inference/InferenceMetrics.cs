using System.Diagnostics;
using System.Diagnostics.Metrics;
using BoneMet.Hosting;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>How full batches are and how long one takes, by encoder and by what computed it; what was unloaded, what fell back, and what the cache of tile embeddings spared.</summary>
internal static class InferenceMetrics
{
    private static readonly Histogram<long> BatchSize = BoneMetTelemetry.Meter.CreateHistogram<long>(
        "bonemet.inference.batch.size", "{item}", "Items (tiles, cubes) in a batch", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    private static readonly Histogram<double> BatchDuration = BoneMetTelemetry.Meter.CreateHistogram<double>(
        "bonemet.inference.batch.duration", "s", "Computing one batch", advice: BoneMetTelemetry.Seconds);

    private static readonly Counter<long> Unloads = BoneMetTelemetry.Meter.CreateCounter<long>("bonemet.inference.unloads", "{encoder}", "Encoders unloaded, by reason (idle, memory)");

    private static readonly Counter<long> Fallbacks = BoneMetTelemetry.Meter.CreateCounter<long>("bonemet.inference.fallbacks", "{fallback}", "Times that the CPU replaced a provider, by when (start, batch)");

    private static readonly Counter<long> TileCacheUses = BoneMetTelemetry.Meter.CreateCounter<long>("bonemet.inference.tile_cache.requests", "{slide}", "Slides looked up in the cache of tile embeddings, by outcome (hit, miss, damaged)");

    private static readonly Gauge<long> TileCacheBytes = BoneMetTelemetry.Meter.CreateGauge<long>("bonemet.inference.tile_cache.size", "By", "Size of the cache of tile embeddings at its last sweep");

    public static void Unloaded(string encoder, string reason) => Unloads.Add(1, new("encoder.id", encoder), new("reason", reason));

    public static void FellBack(string encoder, string from, string when) => Fallbacks.Add(1, new("encoder.id", encoder), new("provider", from), new("when", when));

    public static void TileCache(string outcome) => TileCacheUses.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void TileCacheSize(long bytes) => TileCacheBytes.Record(bytes);

    public static void Batch(EncoderSession session, int items, long began)
    {
        var tags = new TagList { { "encoder.id", session.Card.Id }, { "encoder.version", session.Card.Version }, { "provider", session.Decision.Provider } };
        BatchSize.Record(items, tags);
        BatchDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
