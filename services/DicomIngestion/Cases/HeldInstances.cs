using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Cases;

internal static class HeldInstances
{
    private const int PageSize = 1000;

    /// <summary>All instances of a case, in the order of their UIDs.</summary>
    public static Task<IReadOnlyList<HeldInstance>> OfCase(IDocumentCollection<HeldInstance> instances, string caseId, CancellationToken cancellation) =>
        Where(instances, HeldInstance.CaseIndex, caseId, cancellation);

    public static async Task<IReadOnlyList<HeldInstance>> Where(IDocumentCollection<HeldInstance> instances, string index, string value, CancellationToken cancellation)
    {
        var all = new List<HeldInstance>();
        var filter = new Dictionary<string, string> { [index] = value };
        string? after = null;
        do
        {
            var page = await instances.Query(filter, after, PageSize, cancellation: cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
