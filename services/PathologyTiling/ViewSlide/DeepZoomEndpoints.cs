using BoneMet.Hosting;
using BoneMet.Imaging.Slides;
using BoneMet.PathologyTiling.Slides;
using Microsoft.Net.Http.Headers;

namespace BoneMet.PathologyTiling.ViewSlide;

/// <summary>A slide for a viewer in the browser. Only the tissue image: label and macro pictures, which may show who the patient is, are never read.</summary>
internal static class DeepZoomEndpoints
{
    public static void MapDeepZoom(this IEndpointRouteBuilder app)
    {
        var slides = app.MapGroup("/api/v1/cases/{caseId}/slides").WithTags("Slides").RequireCaller();
        slides.MapGet("/{slideId}.dzi", Descriptor).WithName("GetDeepZoom").WithSummary("DeepZoom description of a slide").ProducesProblem(StatusCodes.Status404NotFound);
        slides.MapGet("/{slideId}_files/{level:int}/{column:int}_{row:int}.jpeg", Tile).WithName("GetDeepZoomTile").WithSummary("One DeepZoom tile").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Descriptor(string caseId, string slideId, HttpContext context, CaseGate gate, SlideCatalogue catalogue, SlideShelf shelf, CancellationToken cancellation)
    {
        var opened = await Open(caseId, slideId, context, gate, catalogue, shelf, cancellation);
        return Results.Text(DeepZoom.Descriptor(opened.Slide), "application/xml");
    }

    private static async Task<IResult> Tile(
        string caseId, string slideId, int level, int column, int row, HttpContext context, CaseGate gate, SlideCatalogue catalogue, SlideShelf shelf, CancellationToken cancellation)
    {
        var opened = await Open(caseId, slideId, context, gate, catalogue, shelf, cancellation);
        byte[]? jpeg;
        try
        {
            // the tissue map stands in for coarse levels that the slide itself lacks
            jpeg = await Task.Run(
                () =>
                {
                    var lacksCoarse = opened.Slide.Levels[^1].Downsample * opened.MicronsPerPixel < TissueMap.CellMicrons / 2;
                    return DeepZoom.Tile(opened.Slide, lacksCoarse ? opened.Tissue : null, level, column, row, cancellation);
                },
                cancellation);
        }
        catch (SlideException failure)
        {
            throw Unreadable(failure);
        }
        if (jpeg is null) { throw Problems.NotFound("tile-not-found", "The slide has no such tile."); }
        // a slide is named by its bytes, so its tiles never change
        context.Response.Headers[HeaderNames.CacheControl] = "private, max-age=86400, immutable";
        return Results.Bytes(jpeg, "image/jpeg");
    }

    private static async Task<OpenedSlide> Open(string caseId, string slideId, HttpContext context, CaseGate gate, SlideCatalogue catalogue, SlideShelf shelf, CancellationToken cancellation)
    {
        await gate.Require(caseId, context.Caller(), cancellation);
        var document = await catalogue.Find(caseId, slideId, cancellation) ?? throw Problems.NotFound("slide-not-found", "This case has no such slide.");
        try
        {
            return await shelf.Open(document.SlideId, document.StatedMicronsPerPixel, cancellation) ?? throw Problems.NotFound("slide-not-found", "The bytes of this slide are not in the store.");
        }
        catch (SlideException failure)
        {
            throw Unreadable(failure);
        }
    }

    private static ProblemException Unreadable(SlideException failure) => Problems.Unprocessable(failure.Code, $"{char.ToUpperInvariant(failure.Message[0])}{failure.Message[1..]}.");
}
