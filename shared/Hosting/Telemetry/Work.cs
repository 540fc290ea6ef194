using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BoneMet.Hosting;

/// <summary>
/// Real work on a case, as against moving it along: decoding, inference, drawing. Each piece is a span and an entry of the histogram
/// <c>bonemet.work.duration</c>, so that the rest, the platform's own overhead, can be told.
/// </summary>
public static class Work
{
    private static readonly Histogram<double> Duration = BoneMetTelemetry.Meter.CreateHistogram<double>("bonemet.work.duration", "s", "Decoding, inference and drawing, by stage", advice: BoneMetTelemetry.Seconds);

    /// <summary>Times the stage ("decode", "infer", "draw") until disposed.</summary>
    public static IDisposable Begin(string stage) => new Piece(stage);

    private sealed class Piece(string stage) : IDisposable
    {
        private readonly Activity? activity = BoneMetTelemetry.Source.StartActivity(stage);
        private readonly long began = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
            activity?.Dispose();
        }
    }
}
