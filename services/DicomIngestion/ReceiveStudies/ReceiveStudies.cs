using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.Uploads;

namespace BoneMet.DicomIngestion.ReceiveStudies;

/// <summary>STOW-RS into a case: each instance stands for itself, what is good is stored and what is not is reported.</summary>
internal sealed class ReceiveStudies(InstancePreparer preparer, StoreInstances store)
{
    /// <param name="caseId">An authorised case.</param>
    /// <param name="site">Its site.</param>
    /// <param name="studyUid">The study that the request names, as the sender knows it; null for any.</param>
    /// <param name="upload">The parts.</param>
    /// <param name="complete">The sender says that nothing more comes.</param>
    /// <param name="retrieveFrom">Base address of WADO-RS.</param>
    /// <param name="cancellation">Cancels before anything is acknowledged.</param>
    public async Task<StowResponse> Handle(string caseId, string site, string? studyUid, Upload upload, bool complete, Uri retrieveFrom, CancellationToken cancellation)
    {
        var response = new StowResponse();
        var prepared = new List<PreparedInstance>();
        try
        {
            foreach (var item in upload.Items)
            {
                try
                {
                    if (preparer.Prepare(item, regionName: null, cancellation) is not { } instance) { continue; }
                    if (studyUid is not null && instance.OriginalStudyUid != studyUid)
                    {
                        response.Failed(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, StowResponse.DoesNotMatch);
                        instance.Dispose();
                        continue;
                    }
                    prepared.Add(instance);
                }
                catch (HeldBackException)
                {
                    response.Failed(null, null, StowResponse.NotAuthorized);
                }
                catch (UnusableInstanceException)
                {
                    response.Failed(null, null, StowResponse.CannotUnderstand);
                }
            }
            if (prepared.Count == 0) { return response; }
            var result = await store.Handle(caseId, site, prepared, region: null, complete, cancellation);
            for (var n = 0; n < prepared.Count; n++)
            {
                var instance = prepared[n];
                if (result.Outcomes[n] == StoreOutcome.Conflict) { response.Failed(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, StowResponse.DuplicateInstance); }
                else { response.Stored(instance.OriginalSopClassUid, instance.OriginalSopInstanceUid, new Uri($"{retrieveFrom}studies/{instance.StudyUid}/series/{instance.SeriesUid}/instances/{instance.SopInstanceUid}")); }
            }
            return response;
        }
        finally
        {
            foreach (var instance in prepared) { instance.Dispose(); }
        }
    }
}
