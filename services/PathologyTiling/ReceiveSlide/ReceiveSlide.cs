using BoneMet.Hosting;
using BoneMet.Imaging.Slides;
using BoneMet.PathologyTiling.Slides;
using BoneMet.Storage;

namespace BoneMet.PathologyTiling.ReceiveSlide;

/// <summary>
/// A slide comes in: stored as it streams, then looked at. A usable one is announced; one that is not is kept, marked refused, and the uploader is told why, so that the
/// same bytes need not be explained twice and a missing resolution can be stated later.
/// </summary>
internal static class ReceiveSlide
{
    /// <summary>Stores the bytes. What cannot be a slide by its first bytes is turned away before anything is stored.</summary>
    /// <exception cref="SlideException">It is no slide.</exception>
    public static async Task<StoredBlob> Store(Stream content, IBlobStore blobs, long maxBytes, CancellationToken cancellation)
    {
        var start = new byte[SlideSniffer.Length];
        var got = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellation);
        if (got == 0) { throw new SlideException(SlideException.NotASlide, "the upload is empty"); }
        if (!SlideSniffer.CouldBeSlide(start.AsSpan(0, got))) { throw new SlideException(SlideException.NotASlide, "the file is not a slide: by its first bytes it is neither a TIFF nor a scanner format known here"); }
        return await blobs.Put(new PrefixedStream(start.AsMemory(0, got), content), maxBytes, cancellation);
    }

    /// <summary>Looks at the stored slide and writes the document, with the event that announces it.</summary>
    public static async Task<SlideDocument> Handle(
        string caseId, StoredBlob blob, double? stated, SlideShelf shelf, SlideCatalogue catalogue, TimeProvider clock, CancellationToken cancellation)
    {
        var refusal = await Look(blob, stated, shelf, cancellation);
        var saved = await catalogue.Change(caseId, blob.Sha256, stored => Decide(stored, caseId, blob, stated, refusal, clock), cancellation);
        CrashPoint.Hit(CrashPoint.AfterDocumentWrite);
        return saved;
    }

    private static SlideDocument? Decide(SlideDocument? stored, string caseId, StoredBlob blob, double? stated, SlideException? refusal, TimeProvider clock)
    {
        // sent again with nothing new to say: it stands as it stands
        if (stored is not null && stored.State != SlideState.Refused && (stated is null || stated == stored.StatedMicronsPerPixel)) { return null; }
        // a correction that would spoil a good slide changes nothing
        if (stored is { State: not SlideState.Refused } && refusal is not null) { return null; }

        var document = new SlideDocument
        {
            Id = SlideDocument.IdOf(caseId, blob.Sha256),
            Version = stored?.Version ?? 0,
            Outbox = stored?.Outbox ?? [],
            Handled = stored?.Handled ?? [],
            CaseId = caseId,
            SlideId = blob.Sha256,
            Length = blob.Length,
            State = refusal is null ? SlideState.Received : SlideState.Refused,
            StatedMicronsPerPixel = stated,
            Code = refusal?.Code,
            Reason = refusal?.Message,
            At = clock.GetUtcNow(),
        };
        return refusal is null ? document.WithOutgoing(Outgoing.Message(SlideMessages.Received(document, clock), clock)) : document;
    }

    private static async Task<SlideException?> Look(StoredBlob blob, double? stated, SlideShelf shelf, CancellationToken cancellation)
    {
        try
        {
            return await shelf.Open(blob.Sha256, stated, cancellation) is null ? throw new InvalidOperationException("A slide that was just stored is not in the store.") : null;
        }
        catch (SlideException refusal)
        {
            return refusal;
        }
    }
}
