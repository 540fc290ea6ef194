using BoneMet.Dicom;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>WADO-RS (PS3.18 10.4): objects and their metadata, as they are stored. Frames, bulk data and pictures have files of their own.</summary>
internal static class WadoEndpoints
{
    public const string Study = "/dicomweb/studies/{study}";
    public const string Series = Study + "/series/{series}";
    public const string Instance = Series + "/instances/{instance}";
    private const string Json = "application/dicom+json";
    private const string Part10 = "application/dicom";

    public static void MapWado(this IEndpointRouteBuilder routes)
    {
        foreach (var pattern in (string[])[Study, Series, Instance])
        {
            routes.MapGet(pattern, Objects).WithSummary("WADO-RS: retrieve DICOM objects").WithTags("DICOMweb").RequireCaller();
            routes.MapGet($"{pattern}/metadata", Metadata).WithSummary("WADO-RS: retrieve metadata").WithTags("DICOMweb").RequireCaller();
        }
        routes.MapFrames();
        routes.MapBulkData();
        routes.MapRendered();
    }

    private static async Task<IResult> Objects(HttpContext context, HeldObjects objects, CancellationToken cancellation)
    {
        var held = await objects.Named(context, cancellation);
        var accepted = AcceptedType.Of(context.Request);
        if (accepted.FirstOrDefault(entry => entry.Takes(Part10)) is not { } chosen) { throw Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", "Objects are given as application/dicom."); }
        if (held.Count == 1 && context.Request.RouteValues.ContainsKey("instance") && !chosen.IsMultipart && !chosen.IsAny)
        {
            return Results.Stream(await objects.Bytes(held[0], cancellation), Part10);
        }
        return MultipartAnswer.Of(
            Part10,
            held.Select(instance => ($"{Part10}; transfer-syntax={instance.TransferSyntaxUid}", (Func<Stream, Task>)(async stream =>
            {
                await using var content = await objects.Bytes(instance, cancellation);
                await content.CopyToAsync(stream, cancellation);
            }))),
            cancellation);
    }

    private static async Task<IResult> Metadata(HttpContext context, HeldObjects objects, CancellationToken cancellation)
    {
        var held = await objects.Named(context, cancellation);
        return Results.Stream(
            async stream =>
            {
                await stream.WriteAsync("["u8.ToArray(), cancellation);
                for (var n = 0; n < held.Count; n++)
                {
                    using var memory = new MemoryStream();
                    if (n > 0) { memory.WriteByte((byte)','); }
                    var file = await objects.Open(held[n], cancellation);
                    var address = HeldObjects.Address(context.Request, held[n]);
                    DicomJson.Write(memory, file.Dataset, new DicomJsonOptions { BulkDataUri = (path, _) => $"{address}/bulk/{path}" });
                    await stream.WriteAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), cancellation);
                }
                await stream.WriteAsync("]"u8.ToArray(), cancellation);
            },
            Json);
    }
}
