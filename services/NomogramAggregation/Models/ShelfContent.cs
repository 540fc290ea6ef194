using System.Collections.Concurrent;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.Models;

/// <summary>What stands on the shelf at one moment: every version, and which of them answer for whom. Immutable but for its cache.</summary>
internal sealed class ShelfContent
{
    private readonly IReadOnlyDictionary<string, ModelStanding> standings;
    private readonly IReadOnlyDictionary<string, CompiledModel> kept;
    private readonly HashSet<ModelReference> challengers;
    private readonly HashSet<string> sitesWithOwn;
    private readonly ConcurrentDictionary<string, ModelLibrary> answering = new(StringComparer.Ordinal);

    /// <param name="every">All versions, built in and published.</param>
    /// <param name="standings">By model id.</param>
    /// <param name="kept">Models of earlier releases by their SHA-256.</param>
    public ShelfContent(ModelLibrary every, IReadOnlyDictionary<string, ModelStanding> standings, IReadOnlyDictionary<string, CompiledModel> kept)
    {
        Every = every;
        this.standings = standings;
        this.kept = kept;
        challengers = [.. standings.Values.Select(standing => standing.Challenger).OfType<ModelReference>()];
        sitesWithOwn = [.. every.Versions.Select(SiteOf).OfType<string>()];
    }

    public ModelLibrary Every { get; }

    /// <summary>The site whose outcomes a version was recalibrated on: it answers for that site's cases and for no other's.</summary>
    public static string? SiteOf(CompiledModel model) =>
        model.Model.Lineage is { Method: Recalibration.InterceptMethod or Recalibration.SlopeMethod, Site: { } site } ? site : null;

    public ModelStanding? Standing(string id) => standings.GetValueOrDefault(id);

    /// <summary>The models that answer for a site's cases.</summary>
    public ModelLibrary Answering(string site) =>
        answering.GetOrAdd(sitesWithOwn.Contains(site) ? site : "", own => new ModelLibrary(Every.Versions.Where(model => Answers(model, own))));

    /// <summary>What is computed beside this model on the same cases, if anything is.</summary>
    public CompiledModel? Challenger(string championId) =>
        Standing(championId)?.Challenger is { } challenger ? Every.Find(challenger.Id, challenger.Version) : null;

    public bool IsChallenger(CompiledModel model) => challengers.Contains(new(model.Model.Id, model.Model.Version));

    public CompiledModel? FindBySha256(string sha256) => Every.FindBySha256(sha256) ?? kept.GetValueOrDefault(sha256);

    private bool Answers(CompiledModel model, string site)
    {
        var own = SiteOf(model);
        if (own is not null && own != site) { return false; }
        if (IsChallenger(model)) { return false; }
        if (Standing(model.Model.Id) is not { } standing) { return true; }
        return !standing.Retired.Any(retired => retired.Version == model.Model.Version)
            && (own is not null || standing.Champion is null || standing.Champion == model.Model.Version);
    }
}
