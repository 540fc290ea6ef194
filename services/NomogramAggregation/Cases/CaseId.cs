namespace BoneMet.NomogramAggregation.Cases;

internal static class CaseId
{
    /// <summary>Ids sort by the time they were made (UUID version 7), so that lists are in order and pages are stable.</summary>
    public static string New(DateTimeOffset now) => $"c{Guid.CreateVersion7(now):n}";
}
