using System.Collections.Concurrent;
using BoneMet.DicomIngestion.Instances;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Assignment;

/// <summary>Finds the case of an instance by study, accession number or patient, in this order; an ambiguous link decides nothing.</summary>
internal sealed class StudyLinks(IDocumentCollection<StudyLink> links)
{
    public const string Unassigned = "unassigned";
    private const int CacheLimit = 10_000;
    private readonly ConcurrentDictionary<string, string> learnt = new(StringComparer.Ordinal);

    public async Task<(string CaseId, string Site)?> Find(PreparedInstance instance, CancellationToken cancellation)
    {
        foreach (var key in Keys(instance))
        {
            if (await links.Find(key, cancellation) is { IsAmbiguous: false } link) { return (link.CaseId, link.Site); }
        }
        return null;
    }

    /// <summary>Remembers that these belong to a case.</summary>
    public async Task Learn(PreparedInstance instance, string caseId, string site, CancellationToken cancellation)
    {
        foreach (var key in Keys(instance)) { await Learn(key, caseId, site, cancellation); }
    }

    public static string StudyKey(string studyUid) => $"study|{studyUid}";

    public async Task Learn(string key, string caseId, string site, CancellationToken cancellation)
    {
        if (learnt.TryGetValue(key, out var known) && known == caseId) { return; }
        while (true)
        {
            var link = await links.Find(key, cancellation);
            var after = link switch
            {
                null => new StudyLink { Id = key, CaseId = caseId, Site = site },
                { IsAmbiguous: false } when link.CaseId != caseId => link with { IsAmbiguous = true },
                _ => null,
            };
            if (after is null || await links.TrySave(after, cancellation) is not null) { break; }
        }
        if (learnt.Count >= CacheLimit) { learnt.Clear(); }
        learnt[key] = caseId;
    }

    /// <summary>A person decided: this study belongs to this case, whatever was thought before.</summary>
    public async Task Decide(string studyUid, string caseId, string site, CancellationToken cancellation)
    {
        var key = StudyKey(studyUid);
        while (true)
        {
            var link = await links.Find(key, cancellation) ?? new StudyLink { Id = key, CaseId = caseId, Site = site };
            if (await links.TrySave(link with { CaseId = caseId, Site = site, IsAmbiguous = false }, cancellation) is not null) { break; }
        }
        learnt.TryRemove(key, out _);
    }

    private static IEnumerable<string> Keys(PreparedInstance instance)
    {
        yield return StudyKey(instance.StudyUid);
        if (instance.Accession.Length > 0) { yield return $"accession|{instance.Accession}"; }
        yield return $"subject|{instance.Pseudonym}";
    }
}
