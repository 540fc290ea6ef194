using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Queries;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>The stored objects that an address names, as far as the caller's site holds them.</summary>
internal sealed class HeldObjects(InstanceSearch search, IBlobStore blobs)
{
    /// <summary>Instances of the study, series or instance in the route; there is at least one.</summary>
    /// <exception cref="ProblemException">404: nothing of it is held for this caller.</exception>
    public async Task<IReadOnlyList<HeldInstance>> Named(HttpContext context, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var match = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (route, keyword) in (ReadOnlySpan<(string, string)>)[("study", "StudyInstanceUID"), ("series", "SeriesInstanceUID"), ("instance", "SOPInstanceUID")])
        {
            if (context.Request.RouteValues[route] is string uid) { match[keyword] = uid; }
        }
        var held = await search.Instances(new SearchQuery { Level = SearchLevel.Instance, Match = match, Site = caller.IsOperator ? null : caller.Site }, cancellation);
        return held.Count > 0 ? held : throw Problems.NotFound("instance-not-found", "Nothing of this study, series or instance is held.");
    }

    public async Task<Stream> Bytes(HeldInstance instance, CancellationToken cancellation) => await blobs.Open(instance.Blob, cancellation) ?? throw Missing(instance);

    public async Task<DicomFile> Open(HeldInstance instance, CancellationToken cancellation) => DicomFile.Open(await blobs.PathOf(instance, cancellation) ?? throw Missing(instance));

    /// <summary>Address of an instance under the root that the request came to.</summary>
    public static string Address(HttpRequest request, HeldInstance instance) =>
        $"{request.Scheme}://{request.Host}/dicomweb/studies/{instance.StudyUid}/series/{instance.SeriesUid}/instances/{instance.SopInstanceUid}";

    private static InvalidOperationException Missing(HeldInstance instance) => new($"The blob {instance.Blob} of an acknowledged instance is missing.");
}
