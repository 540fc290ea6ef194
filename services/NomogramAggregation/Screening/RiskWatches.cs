using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>All watches, at hand for every new prediction.</summary>
internal sealed class RiskWatches(IDocumentCollection<RiskWatch> watches, TimeProvider clock)
{
    private readonly FreshCopy<IReadOnlyList<RiskWatch>> copy = new(async cancellation => await watches.All(cancellation: cancellation).ToListAsync(cancellation), clock);

    public IEnumerable<RiskWatch> For(string site, string cancerType) =>
        copy.Value.Where(watch => watch.Site == site && (watch.CancerType is null || watch.CancerType == cancerType));

    /// <summary>Call after a change: this process sees it at once, others within ten seconds.</summary>
    public Task Read(CancellationToken cancellation) => copy.Read(cancellation);
}
