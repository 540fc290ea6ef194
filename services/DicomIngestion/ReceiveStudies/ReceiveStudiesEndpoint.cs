using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;
using Microsoft.Net.Http.Headers;

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

    private static async Task<IResult> Receive(HttpRequest request, CaseAccess access, UploadReader reader, JsonStudies json, Spool spool, ReceiveStudies studies, CancellationToken cancellation)
    {
        var caseId = request.Query["case"].ToString() is { Length: > 0 } named ? named : request.Headers[CaseHeader].ToString();
        if (caseId.Length == 0) { throw Problems.BadRequest("case-missing", "Name the case of these images: query 'case' or header 'Case-Id'."); }
        var site = await access.RequireSite(request.HttpContext.Caller(), caseId, cancellation);
        if (!spool.HasRoom()) { throw Problems.DiskFull("The disk for uploads is at its watermark; nothing was accepted. Try again when space was made."); }

        var retrieveFrom = new Uri($"{request.Scheme}://{request.Host}/dicomweb/");
        var study = request.RouteValues["study"] as string;
        var wantsComplete = request.Query["complete"] != "false";
        StowResponse response;
        if (Related(request.ContentType) is { } type && !IsJson(type))
        {
            response = await studies.Handle(caseId, site, study, reader.Stream(type, request.Body, cancellation), wantsComplete, retrieveFrom, cancellation);
        }
        else
        {
            using var upload = Related(request.ContentType) is { } related ? await json.Read(related, request.Body, cancellation) : await reader.Read(request.ContentType, fileName: null, request.Body, cancellation);
            var items = upload.Items.Select(file => new ReceivedItem(file.Name, null, file)).ToAsyncEnumerable();
            response = await studies.Handle(caseId, site, study, items, wantsComplete && upload.Kind != UploadKind.SingleFile, retrieveFrom, cancellation);
        }
        var status = response.AllStored ? StatusCodes.Status200OK : response.NoneStored ? StatusCodes.Status409Conflict : StatusCodes.Status202Accepted;
        return Results.Json(response.ToJson(), contentType: Json, statusCode: status);
    }

    private static MediaTypeHeaderValue? Related(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("multipart/related", StringComparison.OrdinalIgnoreCase) ? type : null;

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("type", StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"').Equals(Json, StringComparison.OrdinalIgnoreCase) == true;
}
