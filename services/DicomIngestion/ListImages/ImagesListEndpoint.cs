using BoneMet.DicomIngestion.Cases;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.ListImages;

/// <summary>GET /api/v1/cases/{id}/images: series, regions, conflicts and the state of the volume.</summary>
internal static class ImagesListEndpoint
{
    public static void MapListImages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/cases/{id}/images", List)
            .WithName("ListImages")
            .WithSummary("What images a case holds: series, regions, conflicts, and the volume made of them")
            .WithTags("Images")
            .Produces<ImagesList>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireCaller();

    private static async Task<IResult> List(
        string id, HttpContext context, CaseAccess access, IDocumentCollection<CaseImaging> cases, IDocumentCollection<HeldInstance> instances, CancellationToken cancellation)
    {
        await access.RequireSite(context.Caller(), id, cancellation);
        var imaging = await cases.Find(id, cancellation);
        var held = await HeldInstances.OfCase(instances, id, cancellation);
        return Results.Ok(ImagesList.Of(id, imaging, held));
    }
}
