using System.Globalization;
using System.Text;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Queries;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>WADO-RS (PS3.18 10.4): instances, metadata, frames and rendered frames, as they are stored.</summary>
internal static class WadoEndpoints
{
    private const string Json = "application/dicom+json";
    private const string Instance = "/dicomweb/studies/{study}/series/{series}/instances/{instance}";

    public static void MapWado(this IEndpointRouteBuilder routes)
    {
        foreach (var pattern in (string[])["/dicomweb/studies/{study}", "/dicomweb/studies/{study}/series/{series}", Instance])
        {
            routes.MapGet(pattern, Objects).WithSummary("WADO-RS: retrieve DICOM objects").WithTags("DICOMweb").RequireCaller();
            routes.MapGet($"{pattern}/metadata", Metadata).WithSummary("WADO-RS: retrieve metadata").WithTags("DICOMweb").RequireCaller();
        }
        routes.MapGet($"{Instance}/frames/{{frames}}", Frames).WithSummary("WADO-RS: retrieve frames").WithTags("DICOMweb").RequireCaller();
        routes.MapGet($"{Instance}/rendered", (HttpContext context, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation) => Rendered(context, "1", search, blobs, cancellation))
            .WithSummary("WADO-RS: retrieve a picture").WithTags("DICOMweb").RequireCaller();
        routes.MapGet($"{Instance}/frames/{{frames}}/rendered", (HttpContext context, string frames, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation) => Rendered(context, frames, search, blobs, cancellation))
            .WithSummary("WADO-RS: retrieve a picture of a frame").WithTags("DICOMweb").RequireCaller();
    }

    private static async Task<IResult> Objects(HttpContext context, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation)
    {
        var held = await Wanted(context, search, cancellation);
        if (held.Count == 1 && context.Request.RouteValues.ContainsKey("instance") && Accepts(context, "application/dicom") && !Accepts(context, "multipart/related"))
        {
            return Results.Stream(await Blob(blobs, held[0], cancellation), "application/dicom");
        }
        var boundary = $"bonemet-{Guid.NewGuid():N}";
        return Results.Stream(
            async stream =>
            {
                foreach (var instance in held)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: application/dicom; transfer-syntax={instance.TransferSyntaxUid}\r\n\r\n"), cancellation);
                    await using (var content = await Blob(blobs, instance, cancellation)) { await content.CopyToAsync(stream, cancellation); }
                    await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"), cancellation);
            },
            $"multipart/related; type=\"application/dicom\"; boundary={boundary}");
    }

    private static async Task<IResult> Metadata(HttpContext context, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation)
    {
        var held = await Wanted(context, search, cancellation);
        var root = $"{context.Request.Scheme}://{context.Request.Host}/dicomweb";
        return Results.Stream(
            async stream =>
            {
                await stream.WriteAsync("["u8.ToArray(), cancellation);
                for (var n = 0; n < held.Count; n++)
                {
                    using var memory = new MemoryStream();
                    if (n > 0) { memory.WriteByte((byte)','); }
                    var instance = held[n];
                    var file = await Open(blobs, instance, cancellation);
                    var address = $"{root}/studies/{instance.StudyUid}/series/{instance.SeriesUid}/instances/{instance.SopInstanceUid}";
                    DicomJson.Write(memory, file.Dataset, new DicomJsonOptions { BulkDataUri = (path, _) => path.EndsWith("7FE00010", StringComparison.Ordinal) ? $"{address}/frames/1" : $"{address}/bulk/{path}" });
                    await stream.WriteAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), cancellation);
                }
                await stream.WriteAsync("]"u8.ToArray(), cancellation);
            },
            Json);
    }

    private static async Task<IResult> Frames(HttpContext context, string frames, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation)
    {
        var instance = (await Wanted(context, search, cancellation))[0];
        var file = await Open(blobs, instance, cancellation);
        var numbers = Numbers(frames, instance.Frames);
        var pixels = Pixels(file);
        var type = file.TransferSyntax.IsEncapsulated ? $"image/{Coding(file.TransferSyntax)}; transfer-syntax={instance.TransferSyntaxUid}" : "application/octet-stream";
        var boundary = $"bonemet-{Guid.NewGuid():N}";
        return Results.Stream(
            async stream =>
            {
                foreach (var number in numbers)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: {type}\r\n\r\n"), cancellation);
                    await stream.WriteAsync(pixels.GetEncodedFrame(number - 1), cancellation);
                    await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"), cancellation);
            },
            $"multipart/related; type=\"{type.Split(';')[0]}\"; boundary={boundary}");
    }

    private static async Task<IResult> Rendered(HttpContext context, string frames, InstanceSearch search, IBlobStore blobs, CancellationToken cancellation)
    {
        var instance = (await Wanted(context, search, cancellation))[0];
        var number = Numbers(frames, instance.Frames)[0];
        (double, double)? window = null;
        if (context.Request.Query["window"].ToString() is { Length: > 0 } text)
        {
            var parts = text.Split(',');
            if (parts.Length < 2 || !double.TryParse(parts[0], CultureInfo.InvariantCulture, out var centre) || !double.TryParse(parts[1], CultureInfo.InvariantCulture, out var width) || !(width > 0)) { throw Problems.BadRequest("invalid-window", "window must be centre,width."); }
            window = (centre, width);
        }
        var file = await Open(blobs, instance, cancellation);
        try
        {
            var picture = new MemoryStream();
            Png.Write(picture, DicomRendering.Render(file, number - 1, window));
            picture.Position = 0;
            return Results.Stream(picture, "image/png");
        }
        catch (DicomException fault)
        {
            throw Problems.Of(StatusCodes.Status406NotAcceptable, "cannot-be-rendered", $"This instance cannot be drawn: {fault.Message}");
        }
    }

    private static async Task<IReadOnlyList<HeldInstance>> Wanted(HttpContext context, InstanceSearch search, CancellationToken cancellation)
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

    private static bool Accepts(HttpContext context, string type) => context.Request.Headers.Accept.ToString().Contains(type, StringComparison.OrdinalIgnoreCase);

    private static DicomPixelData Pixels(DicomFile file)
    {
        try
        {
            return DicomPixelData.Create(file);
        }
        catch (DicomException fault)
        {
            throw Problems.NotFound("no-frames", $"This instance has no frames: {fault.Message}");
        }
    }

    private static int[] Numbers(string frames, int count)
    {
        var numbers = frames.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return numbers.All(number => number >= 1 && number <= count) ? numbers : throw Problems.NotFound("frame-not-found", $"Frames are numbered from 1 to {count}.");
    }

    private static string Coding(DicomTransferSyntax syntax) => syntax.Pixels switch
    {
        PixelEncoding.Jpeg => "jpeg",
        PixelEncoding.JpegLs => "jls",
        PixelEncoding.Jpeg2000 => "jp2",
        PixelEncoding.Rle => "dicom-rle",
        _ => "octet-stream",
    };

    private static async Task<Stream> Blob(IBlobStore blobs, HeldInstance instance, CancellationToken cancellation) =>
        await blobs.Open(instance.Blob, cancellation) ?? throw new InvalidOperationException($"The blob {instance.Blob} of an acknowledged instance is missing.");

    private static async Task<DicomFile> Open(IBlobStore blobs, HeldInstance instance, CancellationToken cancellation) =>
        DicomFile.Open(await blobs.LocalPath(instance.Blob, cancellation) ?? throw new InvalidOperationException($"The blob {instance.Blob} of an acknowledged instance is missing."));
}
