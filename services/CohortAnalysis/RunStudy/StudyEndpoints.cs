using System.Security.Cryptography;
using System.Text;
using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Studies;
using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.RunStudy;

internal static class StudyEndpoints
{
    private const long MaximumProtocol = 1 << 20;
    private const int MaximumPage = 500;

    public static void MapStudies(this IEndpointRouteBuilder app)
    {
        var studies = app.MapGroup("/api/v1/cohorts/{cohortId}/studies").WithTags("Studies").RequireCaller();
        studies.MapPost("", Post).WithName("AddStudy").WithSummary("Freezes a protocol (bonemet.study/1) and queues the study; the same protocol again gives the same study").WithBodyLimit(MaximumProtocol)
            .Produces<StudyView>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        studies.MapGet("", List).WithName("ListStudies").WithSummary("Studies of a cohort");
        studies.MapGet("/{studyId}", Get).WithName("GetStudy").WithSummary("State, progress and links of a study").Produces<StudyView>().ProducesProblem(StatusCodes.Status404NotFound);
        studies.MapDelete("/{studyId}", Cancel).WithName("CancelStudy").WithSummary("Stops a study that is queued or running").ProducesProblem(StatusCodes.Status409Conflict);
        studies.MapGet("/{studyId}/result", Result).WithName("GetStudyResult").WithSummary("All numbers as JSON");
        studies.MapGet("/{studyId}/report", Report).WithName("GetStudyReport").WithSummary("One self-contained HTML page");
        studies.MapGet("/{studyId}/model", Model).WithName("GetStudyModel").WithSummary("The fitted model as a risk model document; of an atlas, the model of the cancer type that type names");
        studies.MapGet("/{studyId}/pictures/{picture}", Picture).WithName("GetStudyPicture").WithSummary("A picture as SVG");
    }

    private static async Task<IResult> Post(
        string cohortId, HttpContext context, CohortGate gate, IDocumentCollection<StudyDocument> studies, StudyQueue queue, TimeProvider clock, CancellationToken cancellation)
    {
        var cohort = await gate.Cohort(cohortId, context.Caller(), cancellation);
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        StudyProtocol protocol;
        try { protocol = StudyProtocol.Parse(await reader.ReadToEndAsync(cancellation)); }
        catch (StudyException refusal) { throw Problems.Unprocessable("bad-protocol", refusal.Message); }
        if (protocol.ValidateOn is { } second && !await gate.MaySeeData(second, context.Caller(), cancellation)) { throw Problems.Unprocessable("unknown-second-cohort", "validateOn is the SHA-256 of an uploaded cohort that you may see; there is none with that one."); }
        var sha = protocol.Sha256();
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cohort.Id} {sha}")))[..32];
        var study = await studies.Find(id, cancellation);
        if (study is null or { State: StudyState.Cancelled })
        {
            study = await studies.TrySave(
                new StudyDocument
                {
                    Id = id, Version = study?.Version ?? 0, CohortId = cohort.Id, CohortSha256 = cohort.Sha256, CohortName = cohort.Name, Protocol = protocol.ToJson(), ProtocolSha256 = sha, State = StudyState.Queued, At = clock.GetUtcNow(),
                },
                cancellation) ?? await studies.Find(id, cancellation) ?? throw Problems.Conflict("study-changed", "The study was changed at the same moment; try again.");
            queue.Add(id);
        }
        return Results.Accepted($"/api/v1/cohorts/{cohortId}/studies/{id}", StudyView.Of(study, queue.Progress(id)));
    }

    private static async Task<IResult> List(string cohortId, HttpContext context, CohortGate gate, IDocumentCollection<StudyDocument> studies, StudyQueue queue, CancellationToken cancellation, string? after = null, int limit = 100)
    {
        if (limit is < 1 or > MaximumPage) { throw Problems.BadRequest("bad-limit", $"limit is between 1 and {MaximumPage}."); }
        await gate.Cohort(cohortId, context.Caller(), cancellation);
        var page = await studies.Query(new Dictionary<string, string> { ["cohort"] = cohortId }, after, limit, cancellation: cancellation);
        return Results.Ok(new { items = page.Items.Select(study => StudyView.Of(study, queue.Progress(study.Id))), next = page.Next });
    }

    private static async Task<IResult> Get(string cohortId, string studyId, HttpContext context, CohortGate gate, StudyQueue queue, CancellationToken cancellation) =>
        Results.Ok(StudyView.Of(await gate.Study(cohortId, studyId, context.Caller(), cancellation), queue.Progress(studyId)));

    private static async Task<IResult> Cancel(string cohortId, string studyId, HttpContext context, CohortGate gate, IDocumentCollection<StudyDocument> studies, StudyQueue queue, TimeProvider clock, CancellationToken cancellation)
    {
        var study = await gate.Study(cohortId, studyId, context.Caller(), cancellation);
        if (study.State is not (StudyState.Queued or StudyState.Running)) { throw Problems.Conflict("study-finished", "The study is finished; only a queued or running one can be stopped."); }
        if (await studies.TrySave(study with { State = StudyState.Cancelled, Reason = "stopped by the caller", FinishedAt = clock.GetUtcNow() }, cancellation) is null) { throw Problems.Conflict("study-changed", "The study was changed at the same moment; try again."); }
        queue.Cancel(studyId);
        return Results.NoContent();
    }

    private static Task<IResult> Result(string cohortId, string studyId, HttpContext context, CohortGate gate, IBlobStore blobs, CancellationToken cancellation) =>
        Send(cohortId, studyId, context, gate, blobs, study => study.ResultBlob, "application/json", cancellation);

    private static Task<IResult> Report(string cohortId, string studyId, HttpContext context, CohortGate gate, IBlobStore blobs, CancellationToken cancellation)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return Send(cohortId, studyId, context, gate, blobs, study => study.ReportBlob, "text/html; charset=utf-8", cancellation);
    }

    private static Task<IResult> Model(string cohortId, string studyId, string? type, HttpContext context, CohortGate gate, IBlobStore blobs, CancellationToken cancellation) =>
        Send(cohortId, studyId, context, gate, blobs, study => type is { Length: > 0 } ? study.TypeModelBlobs.GetValueOrDefault(type) : study.ModelBlob, "application/json", cancellation);

    private static Task<IResult> Picture(string cohortId, string studyId, string picture, HttpContext context, CohortGate gate, IBlobStore blobs, CancellationToken cancellation)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return Send(cohortId, studyId, context, gate, blobs, study => study.PictureBlobs.GetValueOrDefault(picture), "image/svg+xml", cancellation);
    }

    private static async Task<IResult> Send(
        string cohortId, string studyId, HttpContext context, CohortGate gate, IBlobStore blobs, Func<StudyDocument, string?> which, string type, CancellationToken cancellation)
    {
        var study = await gate.Study(cohortId, studyId, context.Caller(), cancellation);
        if (study.State is StudyState.Queued or StudyState.Running) { throw Problems.Conflict("study-not-finished", "The study is not finished yet."); }
        if (study.State != StudyState.Done) { throw Problems.Conflict("study-without-result", $"The study has no result: {study.Reason}"); }
        var blob = which(study) ?? throw Problems.NotFound("not-in-study", "This kind of study does not have that.");
        return Results.Stream(await blobs.Open(blob, cancellation) ?? throw Problems.NotFound("blob-lost", "The stored result is no longer there; run the study again."), type);
    }
}
