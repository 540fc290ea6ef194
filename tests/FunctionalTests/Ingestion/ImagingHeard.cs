using System.Collections.Concurrent;
using System.Threading.Channels;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>What the ingestion said, by case, in order.</summary>
internal sealed class ImagingHeard
{
    private readonly ConcurrentDictionary<string, Channel<object>> _byCase = new();

    public async Task Add(string caseId, object message) => await Of(caseId).Writer.WriteAsync(message);

    public async Task<T> Next<T>(string caseId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var heard = await Of(caseId).Reader.ReadAsync(patience.Token);
        Assert.True(heard is T, $"heard instead: {heard}");
        return (T)heard;
    }

    private Channel<object> Of(string caseId) => _byCase.GetOrAdd(caseId, _ => Channel.CreateUnbounded<object>());
}
