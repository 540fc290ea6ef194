using System.Collections.Concurrent;
using System.Diagnostics;

namespace BoneMet.FunctionalTests.Support;

/// <summary>Keeps every span that ends while it lives, of all sources of this process: what a trace collector would see.</summary>
internal sealed class TraceRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;

    public TraceRecorder()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. ended.Where(activity => activity.TraceId == trace)];

    public void Dispose() => listener.Dispose();
}
