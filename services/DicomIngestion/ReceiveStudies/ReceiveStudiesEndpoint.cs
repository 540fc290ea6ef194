using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.ReceiveStudies;

/// <summary>STOW-RS: POST /dicomweb/studies and /dicomweb/studies/{study}. The case is named by the query <c>case</c> or the header <c>Case-Id</c>.</summary>
internal static class ReceiveStudiesEndpoint
{
    private const string CaseHeader = "Case-Id";
    private const string Json = "application/dicom+json";

    public static void MapReceiveStudies(this IEndpointRouteBuilder routes)
    {
        foreach (var pattern in (string[])["/dicomweb/studies", "/dicomweb/studies/{study}"])
        {
            routes.MapPost(pattern, Receive)
                .WithSummary("STOW-RS: store instances of a case")
                .WithTags("DICOMweb")
                .DisableAntiforgery()
                .WithoutBodyLimit()
                .RequireCaller();
        }
    }

    private static async Task<IResult> Receive(HttpRequest request, CaseAccess access, UploadReader reader, Spool spool, ReceiveStudies studies, CancellationToken cancellation)
    {
        var caseId = request.Query["case"].ToString() is { Length: > 0 } named ? named : request.Headers[CaseHeader].ToString();
        if (caseId.Length == 0) { throw Problems.BadRequest("case-missing", "Name the case of these images: query 'case' or header 'Case-Id'."); }
        var site = await access.RequireSite(request.HttpContext.Caller(), caseId, cancellation);
        if (!spool.HasRoom()) { throw Problems.DiskFull("The disk for uploads is at its watermark; nothing was accepted. Try again when space was made."); }

        using var upload = await reader.Read(request.ContentType, fileName: null, request.Body, cancellation);
        var complete = upload.Kind != UploadKind.SingleFile && request.Query["complete"] != "false";
        var response = await studies.Handle(caseId, site, request.RouteValues["study"] as string, upload, complete, new Uri($"{request.Scheme}://{request.Host}/dicomweb/"), cancellation);
        var status = response.AllStored ? StatusCodes.Status200OK : response.NoneStored ? StatusCodes.Status409Conflict : StatusCodes.Status202Accepted;
        return Results.Json(response.ToJson(), contentType: Json, statusCode: status);
    }
}
