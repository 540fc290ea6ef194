using System.Runtime.CompilerServices;

namespace BoneMet.Dicom.Network;

/// <summary>What an SCP does. One is made per association; its methods are called one after the other.</summary>
public abstract class DicomService
{
    /// <summary>The SOP class is offered to this peer.</summary>
    public virtual bool Supports(string abstractSyntax) => abstractSyntax == DicomUID.Verification.UID;

    /// <summary>The transfer syntax is taken for this SOP class.</summary>
    public virtual bool Supports(string abstractSyntax, string transferSyntax) => transferSyntax is "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1";

    public virtual Task<DicomStatus> Store(DicomStoreRequest request, CancellationToken cancellation) => Task.FromResult(DicomStatus.SopClassNotSupported);

    /// <summary>Matches of a study-root or patient-root query.</summary>
    public virtual IAsyncEnumerable<DicomDataset> Find(DicomAssociation association, DicomDataset query, CancellationToken cancellation) => None(cancellation);

    /// <summary>Instances that a C-MOVE or C-GET asks for.</summary>
    public virtual Task<IReadOnlyList<DicomRetrieveItem>> Retrieve(DicomAssociation association, DicomDataset query, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DicomRetrieveItem>>([]);

    /// <summary>Where a C-MOVE to this title, or a commitment's answer, goes; null when it is not known.</summary>
    public virtual DicomPeer? Destination(string aeTitle) => null;

    /// <summary>Which of these instances are durably held.</summary>
    public virtual Task<DicomCommitResult> Commit(DicomAssociation association, IReadOnlyList<(string SopClassUid, string SopInstanceUid)> instances, CancellationToken cancellation) =>
        Task.FromResult(new DicomCommitResult([], instances));

    /// <summary>The association is over, however it ended.</summary>
    public virtual Task Ended(DicomAssociation association, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Something went wrong with a peer; for the log.</summary>
    public virtual void Fault(string peer, Exception fault)
    {
    }

    private static async IAsyncEnumerable<DicomDataset> None([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.WaitAsync(cancellation);
        yield break;
    }
}
