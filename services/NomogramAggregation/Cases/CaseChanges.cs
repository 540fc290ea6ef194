using BoneMet.Contracts.Events;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>
/// What each fact does to a case: pure functions from (case, fact, time, trace) to the changed case. A fact that is old news, or was
/// already known, returns the very same case. Facts may come in any order, late, or more than once.
/// </summary>
internal static class CaseChanges
{
    public static CaseDocument FactorsGiven(CaseDocument current, IReadOnlyList<FactorValue> factors, string inputHash, OutboxMessage submitted, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        if (factors.Count == 0)
        {
            return current with { Factors = [], Coded = [], Clinical = StrandState.Absent };
        }

        return (current with
        {
            Factors = factors,
            Clinical = Working(inputHash, now, timing),
            Outbox = [.. current.Outbox, submitted],
        }).Tell(now, "strand-working", Strand.Clinical, $"Clinical factors received: {factors.Count}.", traceId);
    }

    public static CaseDocument FactorsScored(CaseDocument current, FactorsScored fact, DateTimeOffset now, string? traceId)
    {
        var state = current.Clinical;
        if (state.InputHash != fact.InputHash || state.Status == StrandStatus.Ready) { return current; }

        return (current with { Coded = fact.Coded, Clinical = Ready(state, fact.InputHash, now) })
            .Tell(now, "strand-ready", Strand.Clinical, $"Clinical factors coded: {fact.Coded.Count}.", traceId);
    }

    public static CaseDocument ImagesReceived(CaseDocument current, ImagesReceived fact, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        if (fact.TotalInstances <= current.InstancesSeen) { return current; }

        // A series often comes slice by slice: told once, not hundreds of times.
        var received = current with { InstancesSeen = fact.TotalInstances, Imaging = Working(null, now, timing) with { FailedHash = current.Imaging.FailedHash, Code = current.Imaging.Code, Reason = current.Imaging.Reason } };
        return current.Imaging.Status == StrandStatus.Working
            ? received
            : received.Tell(now, "strand-working", Strand.Imaging, $"Images received: {fact.TotalInstances} instances held.", traceId);
    }

    public static CaseDocument ImagingStored(CaseDocument current, ImagingStored fact, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        if (fact.TotalInstances < current.InstancesSeen) { return current; }

        var region = fact.Mask is not null ? $"lesion region {fact.RegionName ?? "given"}" : fact.Seed is not null ? "seed point given" : "no lesion region";
        return (current with { InstancesSeen = fact.TotalInstances }).Material(
            Strand.Imaging, fact.InputHash, fact.Notes, "volume-stored", $"{fact.Modality} volume of {fact.Instances} slices stored, {region}.", current, now, timing, traceId);
    }

    public static CaseDocument ImagingLabelled(CaseDocument current, ImagingLabelled fact, DateTimeOffset now, string? traceId)
    {
        var label = new CaseLabel { InputHash = fact.InputHash, Label = fact.Label, Features = fact.Features, Embedding = fact.Embedding, Pictures = fact.Pictures };
        return current.Labelled(Strand.Imaging, "Imaging", label, now, traceId).Fused(fact.Fused, now, traceId);
    }

    public static CaseDocument SlideReceived(CaseDocument current, SlideReceived fact, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        if (current.SlidesSeen.Contains(fact.SlideId)) { return current; }

        return (current with { SlidesSeen = [.. current.SlidesSeen, fact.SlideId], Pathology = Working(null, now, timing) with { FailedHash = current.Pathology.FailedHash, Code = current.Pathology.Code, Reason = current.Pathology.Reason } })
            .Tell(now, "strand-working", Strand.Pathology, "Slide received.", traceId);
    }

    public static CaseDocument SlideTiled(CaseDocument current, SlideTiled fact, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        // The newest slide decides: what is told late about an earlier one changes nothing.
        if (current.SlidesSeen.Contains(fact.SlideId) && current.SlidesSeen[^1] != fact.SlideId) { return current; }

        var known = current.SlidesSeen.Contains(fact.SlideId) ? current.SlidesSeen : [.. current.SlidesSeen, fact.SlideId];
        return (current with { SlidesSeen = known }).Material(
            Strand.Pathology, fact.InputHash, fact.Notes, "slide-tiled", $"Slide tiled: {fact.TissueTiles} tissue tiles.", current, now, timing, traceId);
    }

    public static CaseDocument PathologyLabelled(CaseDocument current, PathologyLabelled fact, DateTimeOffset now, string? traceId)
    {
        var label = new CaseLabel { InputHash = fact.InputHash, Label = fact.Label, Features = fact.Features, Embedding = fact.Embedding, Pictures = fact.Pictures };
        return current.Labelled(Strand.Pathology, "Pathology", label, now, traceId).Fused(fact.Fused, now, traceId);
    }

    public static CaseDocument StrandFailed(CaseDocument current, StrandFailed fact, DateTimeOffset now, string? traceId)
    {
        var state = current.Strand(fact.Strand);
        if (state.Status == StrandStatus.Failed && state.Code == fact.Code && state.Reason == fact.Reason) { return current; }
        if (fact.InputHash is not null && state.InputHash is not null && fact.InputHash != state.InputHash) { return current; }
        if (state.Status == StrandStatus.Ready)
        {
            var alreadyTold = current.Timeline.Any(entry => entry.Kind == "material-not-used" && entry.Strand == fact.Strand && entry.Text == fact.Reason);
            return alreadyTold || fact.InputHash == state.InputHash ? current : current.Tell(now, "material-not-used", fact.Strand, fact.Reason, traceId);
        }

        var failed = state with { Status = StrandStatus.Failed, InputHash = fact.InputHash ?? state.InputHash, FailedHash = fact.InputHash, Code = fact.Code, Reason = fact.Reason, Since = now, Deadline = null };
        return current.With(fact.Strand, failed).Tell(now, "strand-failed", fact.Strand, fact.Reason, traceId);
    }

    /// <summary>A strand past its deadline: asked for again, and given up after the last attempt.</summary>
    public static CaseDocument DeadlinePassed(CaseDocument current, string strand, OutboxMessage resume, DateTimeOffset now, CaseTiming timing)
    {
        var state = current.Strand(strand);
        if (state.IsSettled || state.Deadline is not { } deadline || deadline > now) { return current; }
        if (state.Status == StrandStatus.Awaited)
        {
            return current.With(strand, state with { Status = StrandStatus.Failed, Code = "never-arrived", Reason = "Announced, but it did not arrive in time.", Since = now, Deadline = null })
                .Tell(now, "strand-failed", strand, "Announced, but it did not arrive in time.", null);
        }
        if (state.Attempts >= timing.Attempts)
        {
            return current.With(strand, state with { Status = StrandStatus.Failed, Code = "no-answer", Reason = $"No result after {state.Attempts + 1} attempts.", Since = now, Deadline = null })
                .Tell(now, "strand-failed", strand, $"No result after {state.Attempts + 1} attempts.", null);
        }
        return (current.With(strand, state with { Attempts = state.Attempts + 1, Deadline = now + timing.WorkDeadline * (1 << Math.Min(state.Attempts + 1, 6)) }) with { Outbox = [.. current.Outbox, resume] })
            .Tell(now, "strand-asked-again", strand, "No result in time; asked again.", null);
    }

    /// <summary>
    /// Material with this key is prepared. The label, or the failure, of the very same material may have been told before: news from different
    /// queues overtake each other.
    /// </summary>
    private static CaseDocument Material(
        this CaseDocument changed, string strand, string inputHash, IReadOnlyList<string> notes, string kind, string text,
        CaseDocument original, DateTimeOffset now, CaseTiming timing, string? traceId)
    {
        var state = original.Strand(strand);
        if (changed.EarlyLabel is { } early && early.InputHash == inputHash && changed.Label(strand)?.InputHash != inputHash) { changed = changed.With(strand, early) with { EarlyLabel = null }; }
        var next = changed.Label(strand)?.InputHash == inputHash ? Ready(state, inputHash, now) with { Notes = notes }
            : state.FailedHash == inputHash ? state with { Status = StrandStatus.Failed, InputHash = inputHash, Deadline = null }
            : Working(inputHash, now, timing) with { Notes = notes };
        if (state.InputHash == inputHash && state.Status == next.Status)
        {
            return changed == original || (changed.InstancesSeen == original.InstancesSeen && changed.SlidesSeen.Count == original.SlidesSeen.Count) ? original : changed;
        }
        return changed.With(strand, next).Tell(now, kind, strand, text, traceId);
    }

    /// <summary>A label of the material that the strand stands on makes it ready; one of material not yet known of is kept until that is told.</summary>
    private static CaseDocument Labelled(this CaseDocument current, string strand, string name, CaseLabel label, DateTimeOffset now, string? traceId)
    {
        var state = current.Strand(strand);
        if (state.InputHash is not null && state.InputHash != label.InputHash)
        {
            return current.Label(strand)?.InputHash == label.InputHash || current.EarlyLabel?.InputHash == label.InputHash ? current : current with { EarlyLabel = label };
        }
        if (state.Status == StrandStatus.Ready && current.Label(strand)?.Label == label.Label) { return current; }

        return current.With(strand, label).With(strand, Ready(state, label.InputHash, now)).Tell(now, "strand-ready", strand, LabelText(name, label.Label), traceId);
    }

    private static StrandState Working(string? inputHash, DateTimeOffset now, CaseTiming timing) =>
        new() { Status = StrandStatus.Working, InputHash = inputHash, Since = now, Deadline = now + timing.WorkDeadline };

    private static CaseDocument Fused(this CaseDocument current, FusedLabelValue? fused, DateTimeOffset now, string? traceId) =>
        fused is null || fused == current.FusedLabel
            ? current
            : (current with { FusedLabel = fused }).Tell(now, "labels-fused", null, "Imaging and pathology fused into one label: shown, enters no model.", traceId);

    private static StrandState Ready(StrandState state, string inputHash, DateTimeOffset now) =>
        new() { Status = StrandStatus.Ready, InputHash = inputHash, Since = now, Notes = state.Notes };

    private static string LabelText(string name, ImageLabelValue label) => label switch
    {
        { Withheld: { } why } => $"{name} label withheld: {why}",
        { Trained: false } => $"{name} label computed by an untrained encoder: shown, not used.",
        { Synthetic: true } => $"{name} label computed by an encoder trained on synthetic data.",
        _ => $"{name} label computed.",
    };
}
