using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;
using Microsoft.Net.Http.Headers;

namespace BoneMet.DicomIngestion.ReceiveImages;

/// <summary>POST /api/v1/cases/{id}/images.</summary>
internal static class ReceiveImagesEndpoint
{
    private const string AnyCase = "/api/v1/cases/{id}/images";

    public static void MapReceiveImages(this IEndpointRouteBuilder routes) =>
        routes.MapPost(AnyCase, Receive)
            .WithName("ReceiveImages")
            .WithSummary("Upload images of a case: one DICOM file, a zip, multipart/related or multipart/form-data")
            .WithTags("Images")
            .Produces<ImagesAccepted>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .DisableAntiforgery()
            .WithoutBodyLimit()
            .RequireCaller();

    private static async Task<IResult> Receive(string id, HttpRequest request, CaseAccess access, UploadReader reader, Spool spool, ReceiveImages images, CancellationToken cancellation)
    {
        var query = request.Query;
        RegionRequest? region = null;
        if (query["roi"].ToString() is { Length: > 0 } roi && !RegionRequest.TryParse(roi, out region, out var problem)) { throw Problems.BadRequest("invalid-roi", problem); }
        bool? complete = null;
        if (query["complete"].ToString() is { Length: > 0 } text)
        {
            if (!bool.TryParse(text, out var given)) { throw Problems.BadRequest("invalid-complete", "complete must be true or false."); }
            complete = given;
        }
        var site = await access.RequireSite(request.HttpContext.Caller(), id, cancellation);
        if (!spool.HasRoom()) { throw Problems.DiskFull("The disk for uploads is at its watermark; nothing was accepted. Try again when space was made."); }

        var fileName = ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition) && disposition.FileName.HasValue
            ? Path.GetFileName(HeaderUtilities.RemoveQuotes(disposition.FileName).Value)
            : null;
        using var upload = await reader.Read(request.ContentType, fileName, request.Body, cancellation);
        return Results.Accepted($"/api/v1/cases/{id}/images", await images.Handle(id, site, upload, region, complete, cancellation));
    }
}
