namespace BoneMet.CohortAnalysis.Cohorts;

/// <summary>A cohort as callers see it.</summary>
internal sealed record CohortView(string CohortId, string Name, string Sha256, long Bytes, int Rows, IReadOnlyList<CohortColumn> Columns, long RejectedCells, IReadOnlyList<string> Notes, DateTimeOffset At)
{
    public static CohortView Of(CohortDocument cohort) =>
        new(cohort.Id, cohort.Name, cohort.Sha256, cohort.Bytes, cohort.Rows, cohort.Columns, cohort.RejectedCells, cohort.Notes, cohort.At);
}
