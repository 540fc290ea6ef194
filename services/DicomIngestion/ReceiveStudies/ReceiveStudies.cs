using BoneMet.DicomIngestion.Assignment;
using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.Spooling;

namespace BoneMet.DicomIngestion.ReceiveStudies;

/// <summary>STOW-RS into a case: each instance stands for itself, what is good is stored and what is not is reported. A few are stored while the next is received.</summary>
internal sealed class ReceiveStudies(InstancePreparer preparer, StoreInstances store, StudyLinks links)
{
    private const int Parallel = 8;

    /// <param name="caseId">An authorised case.</param>
    /// <param name="site">Its site.</param>
    /// <param name="studyUid">The study that the request names, as the sender knows it; null for any.</param>
    /// <param name="items">The parts, which are disposed here.</param>
    /// <param name="complete">The sender says that nothing more comes.</param>
    /// <param name="retrieveFrom">Base address of WADO-RS.</param>
    /// <param name="cancellation">Cancels before anything is acknowledged.</param>
    public async Task<StowResponse> Handle(string caseId, string site, string? studyUid, IAsyncEnumerable<ReceivedItem> items, bool complete, Uri retrieveFrom, CancellationToken cancellation)
    {
        var response = new StowResponse();
        using var slots = new SemaphoreSlim(Parallel);
        var storing = new List<Task<(PreparedInstance Instance, StoreOutcome Outcome)>>();
        var latest = new Dictionary<string, Task>(StringComparer.Ordinal);
        var isWhole = false;
        try
        {
            await foreach (var item in items.WithCancellation(cancellation))
            {
                PreparedInstance? instance = null;
                try
                {
                    instance = Prepare(item, studyUid, response, cancellation);
                }
                finally
                {
                    if (instance is null) { item.Dispose(); }
                }
                if (instance is null) { continue; }
                // Each slot comes free by itself: what is being stored heeds the cancellation.
                await slots.WaitAsync(CancellationToken.None);
                // The same UID twice in one upload is stored in the order of the upload, so that "first" means something.
                var before = latest.GetValueOrDefault(instance.SopInstanceUid, Task.CompletedTask);
                var task = Task.Run(() => Store(caseId, site, item, instance, before, slots, cancellation), CancellationToken.None);
                latest[instance.SopInstanceUid] = task;
                storing.Add(task);
            }
            isWhole = true;
        }
        finally
        {
            // A body that breaks off leaves what came before it stored: the case must know, although the sender gets an error.
            var results = await Task.WhenAll(storing);
            if (results.Length > 0) { await Announce(caseId, site, results, complete && isWhole, cancellation); }
            foreach (var (instance, outcome) in results)
            {
                if (outcome == StoreOutcome.Conflict) { response.Failed(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, StowResponse.DuplicateInstance); }
                else { response.Stored(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, new Uri($"{retrieveFrom}studies/{instance.StudyUid}/series/{instance.SeriesUid}/instances/{instance.SopInstanceUid}")); }
            }
        }
        return response;
    }

    private PreparedInstance? Prepare(ReceivedItem item, string? studyUid, StowResponse response, CancellationToken cancellation)
    {
        try
        {
            var instance = item.Memory is { } memory ? preparer.Prepare(item.Name, memory) : preparer.Prepare(item.File!, regionName: null, cancellation);
            if (instance is null || studyUid is null || instance.OriginalStudyUid == studyUid) { return instance; }
            response.Failed(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, StowResponse.DoesNotMatch);
            instance.Dispose();
        }
        catch (HeldBackException)
        {
            response.Failed(null, null, StowResponse.NotAuthorized);
        }
        catch (UnusableInstanceException)
        {
            response.Failed(null, null, StowResponse.CannotUnderstand);
        }
        return null;
    }

    private async Task<(PreparedInstance, StoreOutcome)> Store(string caseId, string site, ReceivedItem item, PreparedInstance instance, Task before, SemaphoreSlim slots, CancellationToken cancellation)
    {
        try
        {
            await before;
            return (instance, await store.StoreOne(caseId, site, instance, cancellation));
        }
        finally
        {
            instance.Dispose();
            item.Dispose();
            slots.Release();
        }
    }

    private async Task Announce(string caseId, string site, IReadOnlyList<(PreparedInstance Instance, StoreOutcome Outcome)> results, bool complete, CancellationToken cancellation)
    {
        foreach (var (first, _) in results.DistinctBy(result => result.Instance.StudyUid)) { await links.Learn(first, caseId, site, cancellation); }
        await store.Announce(caseId, site, [.. results.Select(result => result.Outcome)], region: null, complete, cancellation);
    }
}
