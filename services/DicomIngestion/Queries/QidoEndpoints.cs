using System.Globalization;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Instances;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Queries;

/// <summary>QIDO-RS (PS3.18 10.6) over the index.</summary>
internal static class QidoEndpoints
{
    private const string Json = "application/dicom+json";

    public static void MapQido(this IEndpointRouteBuilder routes)
    {
        Map("/dicomweb/studies", SearchLevel.Study);
        Map("/dicomweb/series", SearchLevel.Series);
        Map("/dicomweb/instances", SearchLevel.Instance);
        Map("/dicomweb/studies/{study}/series", SearchLevel.Series);
        Map("/dicomweb/studies/{study}/instances", SearchLevel.Instance);
        Map("/dicomweb/studies/{study}/series/{series}/instances", SearchLevel.Instance);

        void Map(string pattern, SearchLevel level) =>
            routes.MapGet(pattern, (HttpContext context, InstanceSearch search, CancellationToken cancellation) => Search(context, level, search, cancellation))
                .WithSummary("QIDO-RS: search").WithTags("DICOMweb").RequireCaller();
    }

    private static async Task<IResult> Search(HttpContext context, SearchLevel level, InstanceSearch search, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var query = Parse(context, level) with { Site = caller.IsOperator ? null : caller.Site };
        // One more than is given tells whether there are more.
        var most = Math.Min(query.Limit, SearchQuery.MostResults - 1);
        var found = await search.Find(query with { Limit = most + 1 }, cancellation);
        var matches = found.Take(most).ToList();
        if (found.Count > matches.Count) { context.Response.Headers.Append("Warning", $"299 {context.Request.Host} \"There are additional results that can be requested\""); }
        if (matches.Count == 0) { return Results.NoContent(); }
        var root = $"{context.Request.Scheme}://{context.Request.Host}/dicomweb";
        return Results.Stream(
            async stream =>
            {
                using var memory = new MemoryStream();
                memory.WriteByte((byte)'[');
                for (var n = 0; n < matches.Count; n++)
                {
                    if (n > 0) { memory.WriteByte((byte)','); }
                    DicomJson.Write(memory, Answer(matches[n], level, root));
                }
                memory.WriteByte((byte)']');
                memory.Position = 0;
                await memory.CopyToAsync(stream, cancellation);
            },
            Json);
    }

    private static SearchQuery Parse(HttpContext context, SearchLevel level)
    {
        var match = new Dictionary<string, string>(StringComparer.Ordinal);
        var (fuzzy, offset, limit) = (false, 0, 1000);
        foreach (var (name, values) in context.Request.Query)
        {
            var value = values.ToString();
            switch (name.ToLowerInvariant())
            {
                case "includefield":
                    // Everything that the index holds is always included; a name that is none is a mistake of the client's.
                    foreach (var field in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (!field.Equals("all", StringComparison.OrdinalIgnoreCase) && !DicomTag.TryParse(field.Split('.')[0], out _)) { throw Problems.BadRequest("unknown-attribute", $"'{field}' is no attribute that can be included."); }
                    }
                    break;
                case "fuzzymatching":
                    fuzzy = value.Equals("true", StringComparison.OrdinalIgnoreCase);
                    break;
                case "limit":
                    limit = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : throw Problems.BadRequest("invalid-limit", "limit must be a whole number of 0 or more.");
                    break;
                case "offset":
                    offset = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : throw Problems.BadRequest("invalid-offset", "offset must be a whole number of 0 or more.");
                    break;
                default:
                    if (!DicomTag.TryParse(name, out var tag) || tag.Value.Keyword is not { } keyword) { throw Problems.BadRequest("unknown-attribute", $"'{name}' is no attribute that can be searched for."); }
                    match[keyword] = value;
                    break;
            }
        }
        if (context.Request.RouteValues["study"] is string study) { match["StudyInstanceUID"] = study; }
        if (context.Request.RouteValues["series"] is string series) { match["SeriesInstanceUID"] = series; }
        return new SearchQuery { Level = level, Match = match, Fuzzy = fuzzy, Offset = offset, Limit = limit };
    }

    private static DicomDataset Answer(SearchMatch match, SearchLevel level, string root)
    {
        var answer = new DicomDataset();
        answer.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        answer.AddOrUpdate(DicomTag.InstanceAvailability, "ONLINE");
        var url = $"{root}/studies/{match.First.StudyUid}";
        Add(DicomTag.StudyInstanceUID, DicomTag.ModalitiesInStudy, DicomTag.NumberOfStudyRelatedSeries, DicomTag.NumberOfStudyRelatedInstances);
        Add([.. IndexedAttributes.Study]);
        if (level >= SearchLevel.Series)
        {
            url += $"/series/{match.First.SeriesUid}";
            Add(DicomTag.SeriesInstanceUID, DicomTag.NumberOfSeriesRelatedInstances);
            Add([.. IndexedAttributes.Series]);
        }
        if (level == SearchLevel.Instance)
        {
            url += $"/instances/{match.First.SopInstanceUid}";
            Add(DicomTag.SOPClassUID, DicomTag.SOPInstanceUID);
            Add([.. IndexedAttributes.Instance]);
        }
        answer.AddOrUpdate(DicomTag.RetrieveURL, url);
        return answer;

        void Add(params DicomTag[] tags)
        {
            foreach (var tag in tags) { DimseQuery.Set(answer, tag, match.Value(tag.Keyword!)); }
        }
    }
}
