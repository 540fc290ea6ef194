using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;
using BoneMet.Storage;
using Xunit;

namespace BoneMet.FunctionalTests.CaseStates;

/// <summary>What the platform writes into a case's timeline can be read in every language of the report.</summary>
public sealed class SentencesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly CaseTiming Timing = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), 2);

    private static CaseDocument NewCase() => new()
    {
        Id = "c1", Site = "a", Subject = "s", CancerType = "lung", CreatedAt = At, UpdatedAt = At,
        Imaging = StrandState.Absent, Pathology = StrandState.Absent, Clinical = StrandState.Absent,
    };

    [Fact]
    public void Timeline_OfEveryKindOfFact_IsReadInThreeLanguages()
    {
        var told = new List<TimelineEntry>();
        foreach (var change in Changes()) { told.AddRange(change(NewCase()).Timeline); }
        Assert.True(told.Count >= 15, $"{told.Count} entries");
        foreach (var entry in told)
        {
            var words = Sentences.Find(entry.Text);
            Assert.True(words is { Zh.Length: > 0, Ru.Length: > 0 }, entry.Text);
            Assert.Contains(words.Zh, letter => letter is >= '\u4e00' and <= '\u9fff');
            Assert.Contains(words.Ru, letter => letter is >= 'а' and <= 'я');
        }
    }

    private static IEnumerable<Func<CaseDocument, CaseDocument>> Changes()
    {
        static ImageLabelValue Label(bool trained, bool synthetic = false, string? withheld = null) => new()
        {
            Logit = 0.25, EncoderId = "e", EncoderVersion = "1", EncoderSha256 = new string('0', 64), Trained = trained, Synthetic = synthetic, Withheld = withheld, Provider = "CPU", Items = 1,
        };

        yield return current => CaseChanges.FactorsGiven(current, [new FactorValue { Name = "age", Number = 61 }], "h", null!, At, Timing, null);
        yield return current => CaseChanges.FactorsScored(current with { Clinical = new() { Status = StrandStatus.Working, InputHash = "h", Since = At } }, new FactorsScored { CaseId = "c1", InputHash = "h", Coded = [], At = At }, At, null);
        yield return current => CaseChanges.ImagesReceived(current, new ImagesReceived { CaseId = "c1", Instances = 1, TotalInstances = 52, At = At }, At, Timing, null);
        foreach (var (mask, name, seed) in new (string?, string?, double[]?)[] { (null, null, null), ("m", "GTV 1", null), ("m", null, null), (null, null, [1, 2, 3]) })
        {
            yield return current => CaseChanges.ImagingStored(current, new ImagingStored { CaseId = "c1", InputHash = "h", Modality = "CT", Volume = "v", Instances = 52, TotalInstances = 52, Mask = mask, RegionName = name, Seed = seed, At = At }, At, Timing, null);
        }
        foreach (var label in new[] { Label(false), Label(true), Label(true, synthetic: true), Label(true, withheld: "The images lie outside the range that the encoder e was trained on (distance 9.1, limit 4.0).") })
        {
            yield return current => CaseChanges.ImagingLabelled(current, new ImagingLabelled { CaseId = "c1", InputHash = "h", Label = label, At = At }, At, null);
            yield return current => CaseChanges.PathologyLabelled(current, new PathologyLabelled { CaseId = "c1", InputHash = "h", Label = label, At = At }, At, null);
        }
        yield return current => CaseChanges.SlideReceived(current, new SlideReceived { CaseId = "c1", SlideId = "s", At = At }, At, Timing, null);
        yield return current => CaseChanges.SlideTiled(current, new SlideTiled { CaseId = "c1", SlideId = "s", InputHash = "h", TissueTiles = 3, TileSize = 256, At = At }, At, Timing, null);
        foreach (var (status, attempts) in new[] { (StrandStatus.Awaited, 0), (StrandStatus.Working, 0), (StrandStatus.Working, 2) })
        {
            yield return current => CaseChanges.DeadlinePassed(current with { Imaging = new() { Status = status, Since = At, Deadline = At, Attempts = attempts } }, Strand.Imaging, null!, At.AddHours(1), Timing);
        }
    }
}
