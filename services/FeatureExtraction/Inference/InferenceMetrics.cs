using System.Diagnostics;
using System.Diagnostics.Metrics;
using BoneMet.Hosting;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>How full batches are and how long one takes, by encoder and by what computed it.</summary>
internal static class InferenceMetrics
{
    private static readonly Histogram<long> BatchSize = BoneMetTelemetry.Meter.CreateHistogram<long>(
        "bonemet.inference.batch.size", "{item}", "Items (tiles, cubes) in a batch", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    private static readonly Histogram<double> BatchDuration = BoneMetTelemetry.Meter.CreateHistogram<double>(
        "bonemet.inference.batch.duration", "s", "Computing one batch", advice: BoneMetTelemetry.Seconds);

    public static void Batch(EncoderSession session, int items, long began)
    {
        var tags = new TagList { { "encoder.id", session.Card.Id }, { "encoder.version", session.Card.Version }, { "provider", session.Decision.Provider } };
        BatchSize.Record(items, tags);
        BatchDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
