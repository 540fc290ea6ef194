using System.Threading.Channels;
using BoneMet.Contracts.Events;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

/// <summary>What the service said, by case, in order.</summary>
internal sealed class Heard
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Channel<object>> _byCase = new();

    public async Task Add(object message)
    {
        var caseId = message switch
        {
            ImagingLabelled m => m.CaseId,
            PathologyLabelled m => m.CaseId,
            StrandFailed m => m.CaseId,
            _ => throw new InvalidOperationException(message.GetType().Name),
        };
        await Of(caseId).Writer.WriteAsync(message);
    }

    public async Task<T> Next<T>(string caseId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Assert.IsType<T>(await Of(caseId).Reader.ReadAsync(patience.Token));
    }

    private Channel<object> Of(string caseId) => _byCase.GetOrAdd(caseId, _ => Channel.CreateUnbounded<object>());
}
