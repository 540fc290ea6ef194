using System.Runtime.CompilerServices;
using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;
using BoneMet.Dicom.Network;
using BoneMet.DicomIngestion.Assignment;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Identity;
using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.Queries;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Dimse;

/// <summary>One association of a PACS with the ingestion: stores, finds, retrieves, commits.</summary>
internal sealed partial class IngestionService(
    Dictionary<string, DicomPeer> peers,
    InstancePreparer preparer,
    StoreInstances store,
    StudyLinks links,
    InstanceSearch search,
    IDocumentCollection<HeldInstance> instances,
    IBlobStore blobs,
    DeidentificationKey key,
    Spool spool,
    IOptions<ScpOptions> options,
    ILogger<IngestionService> logger) : DicomService
{
    private static readonly HashSet<string> Services =
    [
        DicomUID.Verification.UID, DicomUID.StorageCommitmentPushModel.UID, DicomUID.StudyRootQueryRetrieveFind.UID, DicomUID.StudyRootQueryRetrieveMove.UID, DicomUID.StudyRootQueryRetrieveGet.UID,
    ];

    private readonly Pseudonymizer pseudonyms = new(key.Value);
    private readonly Dictionary<string, (string Site, List<StoreOutcome> Outcomes)> stored = new(StringComparer.Ordinal);

    public override bool Supports(string abstractSyntax) => Services.Contains(abstractSyntax) || new DicomUID(abstractSyntax).IsStorage;

    public override bool Supports(string abstractSyntax, string transferSyntax) =>
        Services.Contains(abstractSyntax) ? base.Supports(abstractSyntax, transferSyntax) : DicomTransferSyntax.Find(transferSyntax) is not null;

    public override async Task<DicomStatus> Store(DicomStoreRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!spool.HasRoom()) { return DicomStatus.OutOfResources.With("disk at its watermark"); }
        try
        {
            using var prepared = preparer.Prepare(request.Received);
            if (prepared.OriginalSopInstanceUid != request.SopInstanceUid || prepared.SopClassUid != request.SopClassUid) { return DicomStatus.DoesNotMatch.With("data set is not the instance of the command"); }
            var (caseId, site) = await links.Find(prepared, cancellation) ?? (StudyLinks.Unassigned, options.Value.Site);
            if (!stored.TryGetValue(caseId, out var soFar))
            {
                stored[caseId] = soFar = (site, []);
                // Open before the first acknowledgement: should the process die, the case is built after its restart.
                if (caseId != StudyLinks.Unassigned) { await store.Open(caseId, site, cancellation); }
            }
            var outcome = await store.StoreOne(caseId, site, prepared, cancellation);
            soFar.Outcomes.Add(outcome);
            return outcome == StoreOutcome.Conflict ? DicomStatus.DuplicateInstance.With("held with other bytes; kept, not used") : DicomStatus.Success;
        }
        catch (HeldBackException)
        {
            return DicomStatus.NotAuthorized.With("may show the patient's identity");
        }
        catch (UnusableInstanceException fault)
        {
            return DicomStatus.CannotUnderstand.With(fault.Code);
        }
        catch (DiskFullException)
        {
            return DicomStatus.OutOfResources.With("disk full");
        }
    }

    public override async Task Ended(DicomAssociation association, CancellationToken cancellation)
    {
        foreach (var (caseId, (site, outcomes)) in stored)
        {
            if (caseId != StudyLinks.Unassigned && outcomes.Count > 0) { await store.Announce(caseId, site, outcomes, region: null, complete: false, cancellation); }
        }
    }

    public override async IAsyncEnumerable<DicomDataset> Find(DicomAssociation association, DicomDataset query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var match in await search.Find(Own(query), cancellation)) { yield return DimseQuery.Answer(query, match, options.Value.AeTitle); }
    }

    public override async Task<IReadOnlyList<DicomRetrieveItem>> Retrieve(DicomAssociation association, DicomDataset query, CancellationToken cancellation) =>
        [.. (await search.Instances(Own(query), cancellation)).Select(held => new DicomRetrieveItem(held.SopClassUid, held.SopInstanceUid, held.TransferSyntaxUid, async token =>
            DicomFile.Open(await blobs.PathOf(held, token) ?? throw new DicomException("the instance's bytes are missing"))))];

    public override DicomPeer? Destination(string aeTitle) => peers.GetValueOrDefault(aeTitle);

    /// <summary>The sender names instances by its own UIDs; the commitment also says that nothing more comes of them.</summary>
    public override async Task<DicomCommitResult> Commit(DicomAssociation association, IReadOnlyList<(string SopClassUid, string SopInstanceUid)> wantedInstances, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wantedInstances);
        var (committed, failed) = (new List<(string, string)>(), new List<(string, string)>());
        var cases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var wanted in wantedInstances)
        {
            var found = await HeldInstances.Where(instances, HeldInstance.SopIndex, pseudonyms.Uid(wanted.SopInstanceUid), cancellation);
            var held = found.FirstOrDefault(candidate => candidate.SopClassUid == wanted.SopClassUid);
            if (held is null || !await blobs.Exists(held.Blob, cancellation))
            {
                failed.Add(wanted);
                continue;
            }
            committed.Add(wanted);
            if (held.CaseId != StudyLinks.Unassigned) { cases[held.CaseId] = held.CaseId; }
        }
        foreach (var caseId in cases.Keys) { await store.Complete(caseId, cancellation); }
        return new DicomCommitResult(committed, failed);
    }

    /// <summary>Peers see what belongs to the SCP's site, no other's.</summary>
    private SearchQuery Own(DicomDataset query) => DimseQuery.Of(query) with { Site = options.Value.Site };

    public override void Fault(string peer, Exception fault) => LogFault(peer, fault);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "DIMSE: an association with {Peer} went wrong")]
    private partial void LogFault(string peer, Exception fault);
}
