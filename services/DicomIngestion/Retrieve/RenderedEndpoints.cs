using System.Globalization;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>Pictures of instances and frames, and thumbnails (PS3.18 8.3.5, 10.4.1.1.3, 10.4.1.1.4), as JPEG or PNG.</summary>
internal static class RenderedEndpoints
{
    private const int ThumbnailSide = 128;
    private const int LargestSide = 8192;

    public static void MapRendered(this IEndpointRouteBuilder routes)
    {
        foreach (var pattern in (string[])[WadoEndpoints.Instance, $"{WadoEndpoints.Instance}/frames/{{frames}}"])
        {
            routes.MapGet($"{pattern}/rendered", (HttpContext context, HeldObjects objects, CancellationToken cancellation) => Render(context, objects, null, cancellation))
                .WithSummary("WADO-RS: retrieve a picture").WithTags("DICOMweb").RequireCaller();
        }
        foreach (var pattern in (string[])[WadoEndpoints.Study, WadoEndpoints.Series, WadoEndpoints.Instance, $"{WadoEndpoints.Instance}/frames/{{frames}}"])
        {
            routes.MapGet($"{pattern}/thumbnail", (HttpContext context, HeldObjects objects, CancellationToken cancellation) => Render(context, objects, (ThumbnailSide, ThumbnailSide), cancellation))
                .WithSummary("WADO-RS: retrieve a thumbnail").WithTags("DICOMweb").RequireCaller();
        }
    }

    private static async Task<IResult> Render(HttpContext context, HeldObjects objects, (int Width, int Height)? usual, CancellationToken cancellation)
    {
        var type = AcceptedType.Of(context.Request).Select(entry => PictureFormat.All.FirstOrDefault(entry.Takes)).FirstOrDefault(found => found is not null)
            ?? throw Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", $"Pictures are given as {string.Join(" or ", PictureFormat.All)}.");
        var quality = Quality(context.Request.Query["quality"].ToString());
        var viewport = Viewport(context.Request.Query["viewport"].ToString()) ?? usual;
        var window = Window(context.Request.Query["window"].ToString());
        var instance = Representative(await objects.Named(context, cancellation));
        var frame = context.Request.RouteValues["frames"] is string frames ? FrameEndpoint.Numbers(frames, instance.Frames)[0] : usual is null ? 1 : (instance.Frames + 1) / 2;
        var file = await objects.Open(instance, cancellation);
        try
        {
            return Results.Bytes(PictureFormat.Encode(DicomRendering.Render(file, frame - 1, window), type, quality, viewport), type);
        }
        catch (DicomException fault)
        {
            throw Problems.Of(StatusCodes.Status406NotAcceptable, "cannot-be-rendered", $"This instance cannot be drawn: {fault.Message}");
        }
    }

    /// <summary>What stands for a study or series: the middle of its largest series of images.</summary>
    private static HeldInstance Representative(IReadOnlyList<HeldInstance> held)
    {
        var series = held.GroupBy(instance => instance.SeriesUid, StringComparer.Ordinal)
            .OrderByDescending(series => series.Any(instance => instance.Attributes.ContainsKey("Rows"))).ThenByDescending(series => series.Count()).First().ToList();
        return series[series.Count / 2];
    }

    private static VoiWindow? Window(string text)
    {
        if (text.Length == 0) { return null; }
        var parts = text.Split(',');
        var function = parts.Length < 3 ? VoiFunction.Linear : parts[2].ToLowerInvariant() switch
        {
            "linear" => VoiFunction.Linear,
            "linear-exact" => VoiFunction.LinearExact,
            "sigmoid" => VoiFunction.Sigmoid,
            _ => (VoiFunction?)null,
        };
        return parts.Length is 2 or 3 && function is { } known && Number(parts[0], out var centre) && Number(parts[1], out var width) && width > 0
            ? new VoiWindow(centre, width, known)
            : throw Problems.BadRequest("invalid-window", "window must be centre,width or centre,width,function, where function is linear, linear-exact or sigmoid.");
    }

    private static (int Width, int Height)? Viewport(string text)
    {
        if (text.Length == 0) { return null; }
        var parts = text.Split(',');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width is > 0 and <= LargestSide && height is > 0 and <= LargestSide
            ? (width, height)
            : throw Problems.BadRequest("invalid-viewport", $"viewport must be width,height of 1 to {LargestSide}; regions of the source are not offered.");
    }

    private static int Quality(string text) =>
        text.Length == 0 ? PictureFormat.UsualQuality
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var quality) && quality is >= 1 and <= 100 ? quality
        : throw Problems.BadRequest("invalid-quality", "quality must be a whole number from 1 to 100.");

    private static bool Number(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
