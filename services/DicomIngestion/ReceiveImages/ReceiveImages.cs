using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;

namespace BoneMet.DicomIngestion.ReceiveImages;

/// <summary>An upload to a case: all of it is checked before any of it is stored, so that a bad item leaves nothing behind.</summary>
internal sealed class ReceiveImages(InstancePreparer preparer, StoreInstances store)
{
    private const int ListedIgnored = 100;

    /// <exception cref="ProblemException">An item is not a usable DICOM file: 422, naming the item.</exception>
    public async Task<ImagesAccepted> Handle(string caseId, string site, Upload upload, RegionRequest? region, bool? complete, CancellationToken cancellation)
    {
        var prepared = new List<PreparedInstance>(upload.Items.Count);
        var heldBack = new List<HeldBackItem>();
        try
        {
            foreach (var item in upload.Items)
            {
                try
                {
                    if (preparer.Prepare(item, region?.Name, cancellation) is { } instance) { prepared.Add(instance); }
                }
                catch (HeldBackException held)
                {
                    heldBack.Add(new HeldBackItem(item.Name, held.Message));
                }
                catch (UnusableInstanceException fault)
                {
                    throw Problems.Unprocessable(fault.Code, $"'{item.Name}' {fault.Message} Nothing of this upload was kept.").With("item", item.Name);
                }
            }
            if (prepared.Count == 0 && heldBack.Count > 0) { throw Problems.Unprocessable("held-back", $"'{heldBack[0].Item}' was not stored. {heldBack[0].Reason}").With("heldBack", heldBack); }
            if (prepared.Count == 0) { throw Problems.Unprocessable("no-instances", "The upload holds no DICOM instance (a DICOMDIR alone is none)."); }

            var done = complete ?? upload.Kind != UploadKind.SingleFile;
            var result = await store.Handle(caseId, site, prepared, region, done, cancellation);
            return new ImagesAccepted
            {
                CaseId = caseId,
                Instances = prepared.Count,
                NewInstances = result.Count(StoreOutcome.New),
                SameInstances = result.Count(StoreOutcome.Same),
                TotalInstances = result.TotalInstances,
                Complete = done,
                Conflicts = [.. prepared.Where((_, n) => result.Outcomes[n] == StoreOutcome.Conflict).Select(instance => instance.ItemName)],
                HeldBack = heldBack,
                Ignored = [.. upload.Ignored.Take(ListedIgnored)],
            };
        }
        finally
        {
            foreach (var instance in prepared) { instance.Dispose(); }
        }
    }
}
