using BoneMet.Hosting;
using BoneMet.Imaging.Slides;
using BoneMet.PathologyTiling.Slides;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.PathologyTiling.ReceiveSlide;

internal static class SlideEndpoints
{
    public static void MapSlides(this IEndpointRouteBuilder app)
    {
        var slides = app.MapGroup("/api/v1/cases/{caseId}/slides").WithTags("Slides").RequireCaller();
        slides.MapPost("", Post).WithName("AddSlide").WithSummary("Adds a whole-slide image: the body itself, or the file of a multipart/form-data body").WithoutBodyLimit()
            .Produces<SlideView>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        slides.MapGet("", List).WithName("ListSlides").WithSummary("The slides of a case").Produces<IReadOnlyList<SlideView>>().ProducesProblem(StatusCodes.Status404NotFound);
        slides.MapGet("/{slideId:regex(^[0-9a-f]{{64}}$)}", Get).WithName("GetSlide").WithSummary("One slide of a case").Produces<SlideView>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Post(
        string caseId, HttpContext context, CaseGate gate, IBlobStore blobs, SlideShelf shelf, SlideCatalogue catalogue, IOutboxRelay relay, IOptions<TilingOptions> options, TimeProvider clock,
        CancellationToken cancellation)
    {
        await gate.Require(caseId, context.Caller(), cancellation);
        SlideDocument slide;
        try
        {
            var (blob, stated) = await SlideUpload.Read(context.Request, blobs, (long)options.Value.MaxSlideGiB << 30, cancellation);
            slide = await ReceiveSlide.Handle(caseId, blob, stated, shelf, catalogue, clock, cancellation);
        }
        catch (SlideException refusal)
        {
            return Refused(refusal.Code, refusal.Message);
        }
        if (slide.State == SlideState.Refused) { return Refused(slide.Code!, slide.Reason!).With("slideId", slide.SlideId); }
        relay.Wake();
        return Results.Accepted($"/api/v1/cases/{caseId}/slides/{slide.SlideId}", SlideView.Of(slide));
    }

    private static async Task<IResult> List(string caseId, HttpContext context, CaseGate gate, SlideCatalogue catalogue, CancellationToken cancellation)
    {
        await gate.Require(caseId, context.Caller(), cancellation);
        return Results.Ok((await catalogue.OfCase(caseId, cancellation)).Select(SlideView.Of));
    }

    private static async Task<IResult> Get(string caseId, string slideId, HttpContext context, CaseGate gate, SlideCatalogue catalogue, CancellationToken cancellation)
    {
        await gate.Require(caseId, context.Caller(), cancellation);
        return await catalogue.Find(caseId, slideId, cancellation) is { } slide ? Results.Ok(SlideView.Of(slide)) : Problems.NotFound("slide-not-found", "This case has no such slide.");
    }

    private static ProblemException Refused(string code, string reason) => Problems.Unprocessable(code, $"{char.ToUpperInvariant(reason[0])}{reason[1..]}.");
}
