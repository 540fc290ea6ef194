namespace BoneMet.NomogramAggregation;

/// <summary>
/// A copy in memory of what the store holds. Changes by another process are seen within ten seconds; the reader who finds the copy old
/// starts its reading and does not wait for it.
/// </summary>
internal sealed class FreshCopy<T>(Func<CancellationToken, Task<T>> read, TimeProvider clock)
    where T : class
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);
    private volatile T? value;
    private long readAt;

    public T Value
    {
        get
        {
            if (value is not { } known) { return Read(CancellationToken.None).GetAwaiter().GetResult(); }
            var last = Interlocked.Read(ref readAt);
            if (clock.GetElapsedTime(last) > Freshness && Interlocked.CompareExchange(ref readAt, clock.GetTimestamp(), last) == last) { _ = Read(CancellationToken.None); }
            return known;
        }
    }

    /// <summary>The value without a look at its age; null before the first reading.</summary>
    public T? Known => value;

    public async Task<T> Read(CancellationToken cancellation)
    {
        var fresh = await read(cancellation);
        value = fresh;
        Interlocked.Exchange(ref readAt, clock.GetTimestamp());
        return fresh;
    }
}
