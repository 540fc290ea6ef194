using BoneMet.DicomIngestion.Cases;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.AspNetCore.Mvc;

namespace BoneMet.DicomIngestion.Assignment;

/// <summary>Studies that belong to no case: the list, and the assignment.</summary>
internal static class AssignmentEndpoints
{
    private const string Address = "/api/v1/unassigned-studies";

    public static void MapAssignment(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Address, List)
            .WithName("ListUnassignedStudies").WithSummary("Studies that came by DIMSE or STOW-RS and belong to no case yet").WithTags("Images")
            .Produces<IReadOnlyList<UnassignedStudy>>().RequireCaller();
        routes.MapPost($"{Address}/{{study}}/assignment", Assign)
            .WithName("AssignStudy").WithSummary("Give a waiting study to a case").WithTags("Images")
            .Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound).RequireCaller();
    }

    private static async Task<IResult> List(HttpContext context, IDocumentCollection<HeldInstance> instances, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var waiting = (await HeldInstances.OfCase(instances, StudyLinks.Unassigned, cancellation)).Where(held => caller.IsOperator || held.Site == caller.Site);
        return Results.Ok(waiting.GroupBy(held => held.StudyUid, StringComparer.Ordinal).Select(study => new UnassignedStudy(
            study.Key,
            study.First().Attributes.GetValueOrDefault("PatientID", ""),
            study.First().Attributes.GetValueOrDefault("StudyDate"),
            study.First().Attributes.GetValueOrDefault("StudyDescription"),
            [.. study.Select(held => held.Modality).Distinct().Order(StringComparer.Ordinal)],
            study.Count(),
            study.Max(held => held.ReceivedAt))).OrderBy(study => study.LastArrival).ToList());
    }

    private static async Task<IResult> Assign(string study, [FromBody] AssignmentRequest request, HttpContext context, CaseAccess access, AssignStudy assign, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.CaseId)) { throw Problems.BadRequest("case-missing", "Name the case: {\"caseId\": …}."); }
        var caller = context.Caller();
        var site = await access.RequireSite(caller, request.CaseId, cancellation);
        var moved = await assign.Handle(study, request.CaseId, site, caller.IsOperator ? null : caller.Site, cancellation);
        if (moved == 0) { throw Problems.NotFound("study-not-waiting", "No study of this UID waits for assignment."); }
        return Results.Accepted($"/api/v1/cases/{request.CaseId}/images", new { caseId = request.CaseId, instances = moved });
    }
}
