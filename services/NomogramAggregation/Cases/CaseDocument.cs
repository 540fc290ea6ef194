using BoneMet.Contracts.Events;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Cases;

/// <summary>The case: one document, one version counter, one state for each strand. NomogramAggregation alone writes it.</summary>
internal sealed record CaseDocument : StoredDocument
{
    public const int TimelineLimit = 500;

    /// <summary>Subjects that the demo makes begin so.</summary>
    private const string SyntheticSubject = "SYNTHETIC-";

    public required string Site { get; init; }

    /// <summary>Pseudonym chosen by the site; the platform never learns the person behind it.</summary>
    public required string Subject { get; init; }
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? TraceId { get; init; }
    public string? TraceParent { get; init; }

    public IReadOnlyList<FactorValue> Factors { get; init; } = [];
    public IReadOnlyList<CodedFactorValue> Coded { get; init; } = [];
    public required StrandState Imaging { get; init; }
    public required StrandState Pathology { get; init; }
    public required StrandState Clinical { get; init; }

    /// <summary>Most DICOM instances that any news of this case has mentioned: tells late slices from old news.</summary>
    public int InstancesSeen { get; init; }

    /// <summary>Slides of this case in the order in which they became known.</summary>
    public IReadOnlyList<string> SlidesSeen { get; init; } = [];
    public CaseLabel? ImagingLabel { get; init; }
    public CaseLabel? PathologyLabel { get; init; }

    /// <summary>Both labels together; of the material that its hashes name.</summary>
    public FusedLabelValue? FusedLabel { get; init; }

    /// <summary>A label that was told before the material it belongs to: news from different queues overtake each other.</summary>
    public CaseLabel? EarlyLabel { get; init; }
    public IReadOnlyList<CasePrediction> Predictions { get; init; } = [];

    /// <summary>Where a new prediction passed a watched threshold.</summary>
    public IReadOnlyList<RiskCrossing> Crossings { get; init; } = [];
    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>The case was generated: whatever is said of it says so.</summary>
    public bool IsSynthetic => Subject.StartsWith(SyntheticSubject, StringComparison.Ordinal);

    public bool IsSettled => Imaging.IsSettled && Pathology.IsSettled && Clinical.IsSettled;

    /// <summary>Every case is in exactly one of these: what was accepted is predicted, failed or in flight. An empty case has not failed: its material is still to come.</summary>
    public string Progress => !IsSettled || (IsEmpty && Predictions.Count == 0) ? CaseProgress.InFlight : Predictions.Count > 0 ? CaseProgress.Predicted : CaseProgress.Failed;

    private bool IsEmpty => Imaging.Status == StrandStatus.Absent && Pathology.Status == StrandStatus.Absent && Clinical.Status == StrandStatus.Absent;

    public StrandState Strand(string name) => name switch
    {
        Contracts.Events.Strand.Imaging => Imaging,
        Contracts.Events.Strand.Pathology => Pathology,
        Contracts.Events.Strand.Clinical => Clinical,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a strand."),
    };

    public CaseDocument With(string name, StrandState state) => name switch
    {
        Contracts.Events.Strand.Imaging => this with { Imaging = state },
        Contracts.Events.Strand.Pathology => this with { Pathology = state },
        Contracts.Events.Strand.Clinical => this with { Clinical = state },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a strand."),
    };

    public CaseLabel? Label(string strand) => strand == Contracts.Events.Strand.Imaging ? ImagingLabel : strand == Contracts.Events.Strand.Pathology ? PathologyLabel : null;

    public CaseDocument With(string strand, CaseLabel label) => strand == Contracts.Events.Strand.Imaging ? this with { ImagingLabel = label } : this with { PathologyLabel = label };

    public CaseDocument Tell(DateTimeOffset at, string kind, string? strand, string text, string? traceId)
    {
        var sequence = Timeline.Count == 0 ? 1 : Timeline[^1].Sequence + 1;
        var kept = Timeline.Count < TimelineLimit ? Timeline : Timeline.Skip(Timeline.Count - TimelineLimit + 1);
        return this with { UpdatedAt = at, Timeline = [.. kept, new TimelineEntry(sequence, at, kind, strand, text, traceId)] };
    }
}
