using System.Globalization;
using BoneMet.Dicom;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>The values that metadata only point to (PS3.18 10.4.1.1.5): by the path of tags and item numbers in their BulkDataURI.</summary>
internal static class BulkDataEndpoint
{
    private const string Octets = "application/octet-stream";

    public static void MapBulkData(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{WadoEndpoints.Instance}/bulk/{{**path}}", BulkData).WithSummary("WADO-RS: retrieve the value of one attribute").WithTags("DICOMweb").RequireCaller();

    private static async Task<IResult> BulkData(HttpContext context, string path, HeldObjects objects, CancellationToken cancellation)
    {
        var instance = (await objects.Named(context, cancellation))[0];
        var file = await objects.Open(instance, cancellation);
        switch (Find(file.Dataset, path.Split('/')))
        {
            case DicomFragmentSequence:
                // Encapsulated pixel data: a part for each frame.
                return FrameEndpoint.Answer(context, file, [.. Enumerable.Range(1, instance.Frames)], cancellation);
            case DicomElement element:
                var chosen = AcceptedType.Of(context.Request).FirstOrDefault(entry => entry.Takes(Octets))
                    ?? throw Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", $"Bulk data are given as {Octets}.");
                if (!chosen.IsMultipart && !chosen.IsAny) { return Results.Stream(element.OpenStream(), Octets); }
                return MultipartAnswer.Of(Octets, [(Octets, stream => Copy(element, stream, cancellation))], cancellation);
            default:
                throw Problems.NotFound("attribute-not-found", "The instance has no value at this path.");
        }
    }

    /// <summary>Tag, item number, tag …: as the JSON writer made the path.</summary>
    private static DicomItem? Find(DicomDataset dataset, ReadOnlySpan<string> path)
    {
        if (path.Length == 0 || path[0].Length != 8 || !DicomTag.TryParse(path[0], out var tag)) { return null; }
        if (path.Length == 1) { return dataset.Find(tag.Value); }
        var items = dataset.Items(tag.Value);
        return int.TryParse(path[1], NumberStyles.None, CultureInfo.InvariantCulture, out var item) && item < items.Count ? Find(items[item], path[2..]) : null;
    }

    private static async Task Copy(DicomElement element, Stream output, CancellationToken cancellation)
    {
        await using var value = element.OpenStream();
        await value.CopyToAsync(output, cancellation);
    }
}
