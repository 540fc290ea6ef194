namespace BoneMet.Hosting;

/// <summary>Decides when a bus that does not work, on a broker that does, is given up: after both have been so for <paramref name="limit"/> without a break.</summary>
internal sealed class BrokerPatience(TimeSpan limit)
{
    private DateTimeOffset? since;

    /// <summary>One look; true when the process should start afresh.</summary>
    public bool IsOver(bool busWorks, bool brokerAnswers, DateTimeOffset now)
    {
        if (busWorks || !brokerAnswers)
        {
            since = null;
            return false;
        }
        since ??= now;
        return now - since >= limit;
    }
}
