using System.Collections.Concurrent;
using BoneMet.Dicom.Deidentification;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Identity;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Queries;

/// <summary>Answers queries from the index alone; no file is opened. UIDs and patient IDs may be given as the hospital knows them or as we do.</summary>
internal sealed class InstanceSearch(IDocumentCollection<HeldInstance> instances, DeidentificationKey key)
{
    private const int PageSize = 1000;
    private static readonly string[] Uids = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"];
    private readonly Pseudonymizer pseudonyms = new(key.Value);

    // What a list of studies says of each, for as long as the number of its instances stays the same; they are never changed, only added and moved.
    private readonly ConcurrentDictionary<string, (long Count, SearchMatch Study)> listed = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<SearchMatch>> Find(SearchQuery query, CancellationToken cancellation)
    {
        var isList = query is { Level: SearchLevel.Study, Site: not null } && !Uids.Any(query.Match.ContainsKey);
        var matches = isList ? await Listed(query.Site!, cancellation) : await Read(query, cancellation);
        return [.. matches.Where(match => query.Match.All(wanted => Matches(match, wanted.Key, wanted.Value, query.Fuzzy)))
            .OrderBy(match => match.First.StudyUid, StringComparer.Ordinal).ThenBy(match => match.First.SeriesUid, StringComparer.Ordinal).ThenBy(match => match.First.InstanceNumber).ThenBy(match => match.First.SopInstanceUid, StringComparer.Ordinal)
            .Skip(query.Offset).Take(Math.Min(query.Limit, SearchQuery.MostResults))];
    }

    /// <summary>All instances that a retrieve names.</summary>
    public async Task<IReadOnlyList<HeldInstance>> Instances(SearchQuery query, CancellationToken cancellation) =>
        [.. (await Find(query with { Level = SearchLevel.Instance, Limit = int.MaxValue }, cancellation)).Select(match => match.First)];

    /// <summary>All studies of a site: instances are read only of those that have grown, shrunk or are new since the last list.</summary>
    private async Task<IEnumerable<SearchMatch>> Listed(string site, CancellationToken cancellation)
    {
        var ending = $"{HeldInstance.SiteMark}{site}";
        var counts = (await instances.CountBy(HeldInstance.StudyOfSiteIndex, cancellation)).Where(study => study.Key.EndsWith(ending, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        foreach (var gone in listed.Keys.Where(known => known.EndsWith(ending, StringComparison.Ordinal) && !counts.ContainsKey(known))) { listed.TryRemove(gone, out var _); }
        var studies = new List<SearchMatch>(counts.Count);
        foreach (var (study, count) in counts)
        {
            if (!listed.TryGetValue(study, out var known) || known.Count != count)
            {
                var held = (await HeldInstances.Where(instances, HeldInstance.StudyOfSiteIndex, study, cancellation)).DistinctBy(instance => instance.SopInstanceUid).ToList();
                if (held.Count == 0) { continue; }
                listed[study] = known = (count, Match(held, held[0], candidates: null));
            }
            studies.Add(known.Study);
        }
        return studies;
    }

    private async Task<IEnumerable<SearchMatch>> Read(SearchQuery query, CancellationToken cancellation)
    {
        var candidates = await Candidates(query, cancellation);
        var studies = candidates.GroupBy(held => held.StudyUid, StringComparer.Ordinal).ToDictionary(study => study.Key, study => study.ToList(), StringComparer.Ordinal);
        return query.Level switch
        {
            SearchLevel.Study => studies.Values.Select(study => Match(study, study[0], candidates: null)),
            SearchLevel.Series => studies.Values.SelectMany(study => study.GroupBy(held => held.SeriesUid, StringComparer.Ordinal).Select(series => Match(study, series.First(), series.Count()))),
            _ => studies.Values.SelectMany(study =>
            {
                var series = study.CountBy(held => held.SeriesUid, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
                return study.Select(held => Match(study, held, series[held.SeriesUid]));
            }),
        };
    }

    private static SearchMatch Match(List<HeldInstance> study, HeldInstance first, int? candidates) => new(
        first, study.Select(held => held.SeriesUid).Distinct().Count(), study.Count, candidates ?? study.Count, [.. study.Select(held => held.Modality).Distinct().Order(StringComparer.Ordinal)]);

    /// <summary>Instances that an index leads to; without one, all of them.</summary>
    private async Task<List<HeldInstance>> Candidates(SearchQuery query, CancellationToken cancellation)
    {
        var found = new Dictionary<string, HeldInstance>(StringComparer.Ordinal);
        // The counts of a study need all of it, so a study's UID is the best way in.
        if (query.Match.TryGetValue("StudyInstanceUID", out var studies) && !IsPattern(studies)) { await Collect(HeldInstance.StudyIndex, studies); }
        else if (query.Match.TryGetValue("SeriesInstanceUID", out var series) && !IsPattern(series)) { await Collect(HeldInstance.SeriesIndex, series); }
        else if (query.Match.TryGetValue("SOPInstanceUID", out var sops) && !IsPattern(sops)) { await Collect(HeldInstance.SopIndex, sops); }
        else
        {
            string? after = null;
            do
            {
                var page = await instances.Query(null, after, PageSize, cancellation: cancellation);
                foreach (var held in page.Items) { Add(held); }
                after = page.Next;
            }
            while (after is not null);
        }
        return [.. found.Values];

        async Task Collect(string index, string uids)
        {
            foreach (var uid in uids.Split('\\', ',').SelectMany(uid => new[] { uid.Trim(), pseudonyms.Uid(uid.Trim()) }))
            {
                foreach (var held in await HeldInstances.Where(instances, index, uid, cancellation)) { Add(held); }
            }
        }

        void Add(HeldInstance held)
        {
            if (query.Site is null || held.Site == query.Site) { found[held.SopInstanceUid] = held; }
        }
    }

    private static bool IsPattern(string value) => value.AsSpan().ContainsAny('*', '?');

    private bool Matches(SearchMatch match, string keyword, string wanted, bool fuzzy)
    {
        if (wanted is "" or "*") { return true; }
        var value = match.Value(keyword);
        if (keyword.EndsWith("UID", StringComparison.Ordinal)) { return wanted.Split('\\', ',').Any(uid => uid.Trim() == value || pseudonyms.Uid(uid.Trim()) == value || (IsPattern(uid) && Like(value ?? "", uid))); }
        if (value is null) { return false; }
        if (keyword == "PatientID") { return Like(value, wanted) || value == pseudonyms.Patient(wanted); }
        if (keyword == "AccessionNumber") { return Like(value, wanted) || value == pseudonyms.Number("accession", wanted); }
        if (keyword == "ModalitiesInStudy") { return wanted.Split('\\', ',').Any(modality => match.Modalities.Contains(modality.Trim())); }
        if ((keyword.EndsWith("Date", StringComparison.Ordinal) || keyword.EndsWith("Time", StringComparison.Ordinal)) && wanted.Contains('-', StringComparison.Ordinal))
        {
            var dash = wanted.IndexOf('-', StringComparison.Ordinal);
            var (low, high) = (wanted[..dash].Trim(), wanted[(dash + 1)..].Trim());
            return (low.Length == 0 || string.CompareOrdinal(value, low) >= 0) && (high.Length == 0 || string.CompareOrdinal(value.Length > high.Length ? value[..high.Length] : value, high) <= 0);
        }
        if (fuzzy && keyword.EndsWith("Name", StringComparison.Ordinal))
        {
            return wanted.Split([' ', '^', ','], StringSplitOptions.RemoveEmptyEntries).All(part => value.Split([' ', '^', '=']).Any(word => word.StartsWith(part, StringComparison.OrdinalIgnoreCase)));
        }
        return Like(value, wanted);
    }

    /// <summary>Wildcard matching of PS3.4 C.2.2.2.4, without regard to case.</summary>
    private static bool Like(ReadOnlySpan<char> value, ReadOnlySpan<char> pattern)
    {
        var (v, p, star, mark) = (0, 0, -1, 0);
        while (v < value.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, v);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(value[v])))
            {
                v++;
                p++;
            }
            else if (star >= 0)
            {
                (p, v) = (star + 1, ++mark);
            }
            else { return false; }
        }
        while (p < pattern.Length && pattern[p] == '*') { p++; }
        return p == pattern.Length;
    }
}
