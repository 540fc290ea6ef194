using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.Storage;
using Xunit;

namespace BoneMet.FunctionalTests.CaseStates;

public sealed class CaseChangesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly CaseTiming Timing = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), 2);

    private static readonly ImageLabelValue Label = new()
    {
        Logit = 0.25, EncoderId = "e", EncoderVersion = "1", EncoderSha256 = new string('0', 64), Trained = false, Provider = "CPU", Items = 1,
    };

    private static CaseDocument NewCase() => new()
    {
        Id = "c1", Site = "a", Subject = "s", CancerType = "lung", CreatedAt = Start, UpdatedAt = Start,
        Imaging = StrandState.Absent, Pathology = StrandState.Absent, Clinical = StrandState.Absent,
    };

    private static Func<CaseDocument, CaseDocument> Received(int total) =>
        current => CaseChanges.ImagesReceived(current, new ImagesReceived { CaseId = "c1", Instances = 1, TotalInstances = total, At = Start }, Start, Timing, null);

    private static Func<CaseDocument, CaseDocument> Stored(string hash, int total) =>
        current => CaseChanges.ImagingStored(current, new ImagingStored { CaseId = "c1", InputHash = hash, Modality = "CT", Volume = "v", Instances = total, TotalInstances = total, At = Start }, Start, Timing, null);

    private static Func<CaseDocument, CaseDocument> Labelled(string hash) =>
        current => CaseChanges.ImagingLabelled(current, new ImagingLabelled { CaseId = "c1", InputHash = hash, Label = Label, At = Start }, Start, null);

    private static Func<CaseDocument, CaseDocument> ImagingFailed(string? hash) =>
        current => CaseChanges.StrandFailed(current, new StrandFailed { CaseId = "c1", Strand = Strand.Imaging, InputHash = hash, Code = "x", Reason = "It failed.", At = Start }, Start, null);

    private static Func<CaseDocument, CaseDocument> SlideReceived(string slide) =>
        current => CaseChanges.SlideReceived(current, new SlideReceived { CaseId = "c1", SlideId = slide, At = Start }, Start, Timing, null);

    private static Func<CaseDocument, CaseDocument> Tiled(string slide, string hash) =>
        current => CaseChanges.SlideTiled(current, new SlideTiled { CaseId = "c1", SlideId = slide, InputHash = hash, TissueTiles = 3, TileSize = 256, At = Start }, Start, Timing, null);

    private static Func<CaseDocument, CaseDocument> SlideLabelled(string hash) =>
        current => CaseChanges.PathologyLabelled(current, new PathologyLabelled { CaseId = "c1", InputHash = hash, Label = Label, At = Start }, Start, null);

    private static CaseDocument Apply(params IEnumerable<Func<CaseDocument, CaseDocument>> facts) => facts.Aggregate(NewCase(), (current, fact) => fact(current));

    [Fact]
    public void Imaging_FactsInAnyOrderAndTwice_EndsReadyOnTheSameMaterial()
    {
        Func<CaseDocument, CaseDocument>[] facts = [Received(52), Stored("h1", 52), Labelled("h1")];
        foreach (var order in Permutations(facts.Concat(facts).ToArray()))
        {
            var final = Apply(order);
            Assert.Equal(StrandStatus.Ready, final.Imaging.Status);
            Assert.Equal("h1", final.Imaging.InputHash);
        }
    }

    [Fact]
    public void Imaging_LateSlices_ReopenAndEndOnTheNewMaterial()
    {
        foreach (var order in Permutations([Received(53), Stored("h2", 53), Labelled("h2"), Labelled("h1"), Stored("h1", 52)]))
        {
            var final = order.Aggregate(Apply(Received(52), Stored("h1", 52), Labelled("h1")), (current, fact) => fact(current));
            Assert.Equal(StrandStatus.Ready, final.Imaging.Status);
            Assert.Equal("h2", final.Imaging.InputHash);
        }
    }

    [Fact]
    public void Imaging_FailureToldInAnyOrder_EndsFailedWithItsReason()
    {
        foreach (var order in Permutations([Received(52), Stored("h1", 52), ImagingFailed("h1")]))
        {
            var final = Apply(order);
            Assert.Equal(StrandStatus.Failed, final.Imaging.Status);
            Assert.Equal("It failed.", final.Imaging.Reason);
        }
    }

    [Fact]
    public void Imaging_FailureOfLaterMaterial_KeepsTheEarlierResultAndSaysSo()
    {
        var final = Apply(Received(52), Stored("h1", 52), Labelled("h1"), ImagingFailed(null), ImagingFailed(null));
        Assert.Equal(StrandStatus.Ready, final.Imaging.Status);
        Assert.Single(final.Timeline, entry => entry.Kind == "material-not-used");
    }

    [Fact]
    public void Pathology_FactsInAnyOrderAndTwice_EndsReadyOnTheSameMaterial()
    {
        Func<CaseDocument, CaseDocument>[] facts = [SlideReceived("s1"), Tiled("s1", "h1"), SlideLabelled("h1")];
        foreach (var order in Permutations(facts.Concat(facts).ToArray()))
        {
            var final = Apply(order);
            Assert.Equal(StrandStatus.Ready, final.Pathology.Status);
            Assert.Equal("h1", final.Pathology.InputHash);
        }
    }

    [Fact]
    public void Pathology_NewsOfAnEarlierSlide_ChangeNothing()
    {
        var ready = Apply(SlideReceived("s1"), Tiled("s1", "h1"), SlideLabelled("h1"), SlideReceived("s2"), Tiled("s2", "h2"), SlideLabelled("h2"));
        Assert.Same(ready, Tiled("s1", "h1")(ready));
        Assert.Equal((ready.Pathology, ready.PathologyLabel, ready.Timeline), (SlideLabelled("h1")(ready).Pathology, SlideLabelled("h1")(ready).PathologyLabel, SlideLabelled("h1")(ready).Timeline));
        Assert.Same(ready, SlideReceived("s1")(ready));
    }

    [Fact]
    public void Deadline_SilentWorker_IsAskedAgainThenGivenUp()
    {
        var resume = new OutboxMessage("1", "CaseResumed", "{}", null, Start);
        var current = Apply(Received(3));
        Assert.Same(current, CaseChanges.DeadlinePassed(current, Strand.Imaging, resume, Start.AddMinutes(4), Timing));

        var now = Start;
        for (var attempt = 1; attempt <= Timing.Attempts; attempt++)
        {
            now = now.AddHours(1);
            current = CaseChanges.DeadlinePassed(current, Strand.Imaging, resume, now, Timing);
            Assert.Equal((StrandStatus.Working, attempt), (current.Imaging.Status, current.Imaging.Attempts));
            Assert.Equal(attempt, current.Outbox.Count);
        }
        current = CaseChanges.DeadlinePassed(current, Strand.Imaging, resume, now.AddHours(1), Timing);
        Assert.Equal((StrandStatus.Failed, "no-answer"), (current.Imaging.Status, current.Imaging.Code));
        Assert.Equal(StrandStatus.Working, Apply(Received(3)).Imaging.Status);
    }

    [Fact]
    public void Timeline_LongStory_KeepsTheNewestAndItsNumbers()
    {
        var current = NewCase();
        for (var i = 0; i < CaseDocument.TimelineLimit + 20; i++) { current = current.Tell(Start, "k", null, $"{i}", null); }
        Assert.Equal(CaseDocument.TimelineLimit, current.Timeline.Count);
        Assert.Equal(CaseDocument.TimelineLimit + 20, current.Timeline[^1].Sequence);
        Assert.Equal(current.Timeline[0].Sequence + CaseDocument.TimelineLimit - 1, current.Timeline[^1].Sequence);
    }

    private static IEnumerable<IReadOnlyList<T>> Permutations<T>(IReadOnlyList<T> items)
    {
        if (items.Count <= 1) { yield return items; yield break; }
        for (var i = 0; i < items.Count; i++)
        {
            foreach (var rest in Permutations(items.Where((_, index) => index != i).ToList())) { yield return [items[i], .. rest]; }
        }
    }
}
