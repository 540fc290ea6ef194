using BoneMet.Contracts.Events;
using BoneMet.DicomIngestion.Cases;

namespace BoneMet.DicomIngestion.ListImages;

internal sealed record ImagesList
{
    public required string CaseId { get; init; }

    /// <summary>none, waiting (for quiet or the build), stored or failed.</summary>
    public required string State { get; init; }
    public required int TotalInstances { get; init; }
    public required IReadOnlyList<SeriesSummary> Series { get; init; }
    public required IReadOnlyList<RegionFound> Regions { get; init; }

    /// <summary>Instances that came again with other bytes.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }
    public ImagingStored? Volume { get; init; }
    public StrandFailed? Failure { get; init; }

    public static ImagesList Of(string caseId, CaseImaging? imaging, IReadOnlyList<HeldInstance> held) => new()
    {
        CaseId = caseId,
        State = imaging switch { null => "none", { IsOpen: true } => "waiting", { Stored: not null } => "stored", _ => "failed" },
        TotalInstances = held.Count,
        Series = [.. held.GroupBy(instance => instance.SeriesUid, StringComparer.Ordinal)
            .Select(series => new SeriesSummary(series.First().StudyUid, series.Key, series.First().Modality, series.First().Attributes.GetValueOrDefault("SeriesDescription"), series.Count()))
            .OrderBy(series => series.SeriesUid, StringComparer.Ordinal)],
        Regions = imaging?.Regions ?? [],
        Conflicts = [.. held.Where(instance => instance.Conflicts.Count > 0).Select(instance => instance.SopInstanceUid)],
        Volume = imaging?.Stored,
        Failure = imaging?.Failure,
    };
}
