using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Instances;
using BoneMet.Storage;

namespace BoneMet.DicomIngestion.Assignment;

/// <summary>Gives a waiting study to a case: its instances move there, and what comes later of it follows.</summary>
internal sealed class AssignStudy(IDocumentCollection<HeldInstance> instances, StudyLinks links, StoreInstances store)
{
    /// <summary>Number of instances that moved; 0 when no such study waits.</summary>
    /// <param name="studyUid">The waiting study.</param>
    /// <param name="caseId">An authorised case.</param>
    /// <param name="site">The case's site: the instances become its own.</param>
    /// <param name="onlyFrom">Site whose waiting instances may be taken; null: any (an operator).</param>
    /// <param name="cancellation">Cancels between instances.</param>
    public async Task<int> Handle(string studyUid, string caseId, string site, string? onlyFrom, CancellationToken cancellation)
    {
        var waiting = (await HeldInstances.Where(instances, HeldInstance.StudyIndex, studyUid, cancellation)).Where(held => held.CaseId == StudyLinks.Unassigned && (onlyFrom is null || held.Site == onlyFrom)).ToList();
        if (waiting.Count == 0) { return 0; }
        await links.Decide(studyUid, caseId, site, cancellation);
        var outcomes = new List<StoreOutcome>();
        foreach (var held in waiting)
        {
            // First there, then gone here: a crash between leaves it in both, and the next assignment finishes.
            var moved = held with { Id = HeldInstance.IdOf(caseId, held.SopInstanceUid), Version = 0, CaseId = caseId, Site = site };
            outcomes.Add(await instances.TrySave(moved, cancellation) is not null ? StoreOutcome.New : StoreOutcome.Same);
            await instances.Delete(held.Id, held.Version, cancellation);
        }
        await store.Announce(caseId, site, outcomes, region: null, complete: false, cancellation);
        return waiting.Count;
    }
}
