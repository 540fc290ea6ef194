using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.CohortAnalysis.Cohorts;

/// <summary>Finds what a caller may see; what belongs to another site does not exist for it.</summary>
internal sealed class CohortGate(IDocumentCollection<CohortDocument> cohorts, IDocumentCollection<StudyDocument> studies)
{
    public async Task<CohortDocument> Cohort(string id, Caller caller, CancellationToken cancellation) =>
        await cohorts.Find(id, cancellation) is { } cohort && caller.MaySee(cohort.Site) ? cohort : throw Problems.NotFound("cohort-not-found", "There is no such cohort.");

    public async Task<StudyDocument> Study(string cohortId, string studyId, Caller caller, CancellationToken cancellation)
    {
        await Cohort(cohortId, caller, cancellation);
        return await studies.Find(studyId, cancellation) is { } study && study.CohortId == cohortId ? study : throw Problems.NotFound("study-not-found", "This cohort has no such study.");
    }

    /// <summary>Whether the caller may see a cohort with these bytes.</summary>
    public async Task<bool> MaySeeData(string sha256, Caller caller, CancellationToken cancellation)
    {
        if (caller.IsOperator) { return true; }
        string? after = null;
        do
        {
            var page = await cohorts.Query(new Dictionary<string, string> { ["site"] = caller.Site }, after, cancellation: cancellation);
            if (page.Items.Any(cohort => cohort.Sha256 == sha256)) { return true; }
            after = page.Next;
        }
        while (after is not null);
        return false;
    }
}
