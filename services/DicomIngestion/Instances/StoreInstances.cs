using System.Diagnostics;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Identity;
using BoneMet.Hosting;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

using BoneMet.DicomIngestion.Assignment;
using BoneMet.DicomIngestion.Builds;
namespace BoneMet.DicomIngestion.Instances;

/// <summary>Stores prepared instances under a case: blobs, then index rows, then the case's own document with its event. Durable when it returns.</summary>
internal sealed class StoreInstances(
    InstanceIndex instances,
    IDocumentCollection<CaseImaging> cases,
    IBlobStore blobs,
    Vault vault,
    StudyLinks links,
    IOutboxRelay relay,
    BuildSignal signal,
    IOptions<IngestionOptions> options,
    TimeProvider clock)
{
    private const int Parallel = 8;
    private const int Turns = 64;
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    /// <param name="caseId">An authorised case.</param>
    /// <param name="site">The case's site.</param>
    /// <param name="prepared">What to store.</param>
    /// <param name="region">The submitter's region; null leaves an earlier one in force.</param>
    /// <param name="complete">True: the sender says that nothing more comes; false: wait for quiet.</param>
    /// <param name="cancellation">Cancels before anything is acknowledged.</param>
    public async Task<StoreResult> Handle(string caseId, string site, IReadOnlyList<PreparedInstance> prepared, RegionRequest? region, bool complete, CancellationToken cancellation)
    {
        var outcomes = new StoreOutcome[prepared.Count];
        // The same UID twice in one upload is stored in the order of the upload, so that "first" means something.
        var groups = Enumerable.Range(0, prepared.Count).GroupBy(n => prepared[n].SopInstanceUid, StringComparer.Ordinal);
        await System.Threading.Tasks.Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (group, token) =>
        {
            foreach (var n in group) { outcomes[n] = await StoreOne(caseId, site, prepared[n], token); }
        });
        foreach (var first in prepared.DistinctBy(instance => instance.StudyUid)) { await links.Learn(first, caseId, site, cancellation); }
        var total = await Announce(caseId, site, outcomes, region, complete, cancellation);
        return new StoreResult(outcomes, total);
    }

    /// <summary>
    /// Stores one instance without an event; the caller announces it later. A new one is durable with its row, which travels as a note with the blob and enters the index a
    /// little later. One that is held already is compared.
    /// </summary>
    public async Task<StoreOutcome> StoreOne(string caseId, string site, PreparedInstance instance, CancellationToken cancellation)
    {
        await Remember(instance, cancellation);
        var id = HeldInstance.IdOf(caseId, instance.SopInstanceUid);
        // The same instance twice at once: the second waits until the first is on its way, and then finds it.
        var turn = turns[(uint)id.GetHashCode(StringComparison.Ordinal) % turns.Length];
        PendingBlob? put = null;
        await turn.WaitAsync(cancellation);
        try
        {
            if (instance.Memory is { } memory && await instances.Find(id, cancellation) is null)
            {
                put = blobs.Put(memory, coming => instances.Add(Row(id, caseId, site, instance, coming.Blob), coming));
            }
        }
        finally
        {
            turn.Release();
        }
        if (put is null) { return await Compare(id, caseId, site, instance, cancellation); }
        await put.Durable;
        return StoreOutcome.New;
    }

    /// <summary>Stores what is large, or has come before in another form: the blob, then its row.</summary>
    private async Task<StoreOutcome> Compare(string id, string caseId, string site, PreparedInstance instance, CancellationToken cancellation)
    {
        if (await instances.Find(id, cancellation) is { } known && known.SourceSha256 == instance.SourceSha256 && await HasSamePixels(known, instance, cancellation)) { return StoreOutcome.Same; }
        StoredBlob blob;
        await using (var content = instance.Open()) { blob = await blobs.Put(content, cancellation: cancellation); }
        while (await instances.TrySave(Row(id, caseId, site, instance, blob), cancellation) is null)
        {
            if (await instances.Find(id, cancellation) is not { } held) { continue; }
            if (held.Blob == blob.Sha256 || (held.SourceSha256 == instance.SourceSha256 && await HasSamePixels(held, instance, cancellation))) { return StoreOutcome.Same; }
            if (held.Conflicts.Any(conflict => conflict.Blob == blob.Sha256)) { return StoreOutcome.Conflict; }
            var reported = held with { Conflicts = [.. held.Conflicts, new InstanceConflict(blob.Sha256, clock.GetUtcNow())] };
            if (await instances.TrySave(reported, cancellation) is not null) { return StoreOutcome.Conflict; }
        }
        return StoreOutcome.New;
    }

    /// <summary>The same data set may have been de-identified in another way, with another region's name for example; then its pixels decide.</summary>
    private async Task<bool> HasSamePixels(HeldInstance held, PreparedInstance instance, CancellationToken cancellation)
    {
        if (await blobs.LocalPath(held.Blob, cancellation) is not { } path) { return false; }
        var pixels = instance.File is { } file ? DicomFile.Open(file.Path).Dataset.Find(DicomTag.PixelData) : instance.Pixels;
        return PixelBytes.AreSame(DicomFile.Open(path).Dataset.Find(DicomTag.PixelData), pixels);
    }

    private HeldInstance Row(string id, string caseId, string site, PreparedInstance instance, StoredBlob blob) => new()
    {
        Id = id,
        CaseId = caseId,
        Site = site,
        StudyUid = instance.StudyUid,
        SeriesUid = instance.SeriesUid,
        SopInstanceUid = instance.SopInstanceUid,
        SopClassUid = instance.SopClassUid,
        TransferSyntaxUid = instance.TransferSyntaxUid,
        Modality = instance.Modality,
        Blob = blob.Sha256,
        SourceSha256 = instance.SourceSha256,
        Length = blob.Length,
        InstanceNumber = instance.InstanceNumber,
        Frames = instance.Frames,
        Attributes = instance.Attributes,
        SealedOriginalUid = vault.Seal(instance.SopInstanceUid, instance.OriginalSopInstanceUid),
        ReceivedAt = clock.GetUtcNow(),
    };

    /// <summary>Marks a case as open before its first instance is acknowledged: should the process die, it is built after the restart.</summary>
    public async Task Open(string caseId, string site, CancellationToken cancellation)
    {
        while (true)
        {
            var before = await cases.Find(caseId, cancellation) ?? new CaseImaging { Id = caseId, Site = site };
            var now = clock.GetUtcNow();
            var after = before with { Revision = before.Revision + 1, DueAt = now + TimeSpan.FromSeconds(options.Value.QuietSeconds), LastArrival = now, TraceParent = Activity.Current?.Id };
            if (await cases.TrySave(after, cancellation) is not null) { return; }
        }
    }

    /// <summary>Nothing more comes: what is open is built now.</summary>
    public async Task Complete(string caseId, CancellationToken cancellation)
    {
        while (await cases.Find(caseId, cancellation) is { IsOpen: true } open)
        {
            if (await cases.TrySave(open with { DueAt = clock.GetUtcNow() }, cancellation) is not null) { break; }
        }
        signal.Wake();
    }

    private async Task Remember(PreparedInstance instance, CancellationToken cancellation)
    {
        await vault.Remember("patient", instance.Pseudonym, instance.OriginalPatient, cancellation);
        await vault.Remember("study", instance.StudyUid, instance.OriginalStudyUid, cancellation);
        await vault.Remember("series", instance.SeriesUid, instance.OriginalSeriesUid, cancellation);
        await vault.Remember("accession", instance.Accession, instance.OriginalAccession, cancellation);
    }

    /// <summary>The rows are in the index before anybody hears of them. One write of the case's document carries the new count and the event.</summary>
    public async Task<int> Announce(string caseId, string site, IReadOnlyList<StoreOutcome> outcomes, RegionRequest? region, bool complete, CancellationToken cancellation)
    {
        var fresh = outcomes.Count(outcome => outcome == StoreOutcome.New);
        // Instances that an interrupted upload left are held but were never counted; they come again as "same". Then everything is counted anew.
        await instances.Written();
        int? counted = fresh == outcomes.Count ? null : (await HeldInstances.OfCase(instances, caseId, cancellation)).Count;
        while (true)
        {
            var now = clock.GetUtcNow();
            var stored = await cases.Find(caseId, cancellation);
            var before = stored ?? new CaseImaging { Id = caseId, Site = site };
            var total = Math.Max(counted ?? 0, before.TotalInstances + (counted is null ? fresh : 0));
            var changed = total != before.TotalInstances || fresh > 0 || (region is not null && region.Canonical != before.Region?.Canonical) || before.Revision == 0;
            var due = complete ? now : now + TimeSpan.FromSeconds(options.Value.QuietSeconds);
            var received = new ImagesReceived { CaseId = caseId, Instances = outcomes.Count, TotalInstances = total, At = now };
            var after = before with
            {
                Region = region ?? before.Region,
                Revision = changed ? before.Revision + 1 : before.Revision,
                DueAt = changed || before.IsOpen ? due : before.DueAt,
                TotalInstances = total,
                Received = received,
                LastArrival = now,
                TraceParent = Activity.Current?.Id,
            };
            after = after.WithOutgoing(Outgoing.Message(received, clock));
            // Nothing new, and the answer is known: it is told again, so that whoever waits for it after this upload is not left waiting.
            if (!after.IsOpen && after.Stored is { } known) { after = after.WithOutgoing(Outgoing.Message(known, clock)); }
            else if (!after.IsOpen && after.Failure is { } failure) { after = after.WithOutgoing(Outgoing.Message(failure, clock)); }
            if (await cases.TrySave(after, cancellation) is null) { continue; }
            relay.Wake();
            signal.Wake();
            return total;
        }
    }
}
