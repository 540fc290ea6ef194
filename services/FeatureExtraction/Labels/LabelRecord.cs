using BoneMet.Contracts.Events;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.Labels;

/// <summary>A label that was computed: one document for each (case, strand, input, encoder), so that work done twice is stored once.</summary>
internal sealed record LabelRecord : StoredDocument
{
    /// <summary>Index by case.</summary>
    public const string Case = "case";

    public required string CaseId { get; init; }

    /// <summary>imaging or pathology.</summary>
    public required string Step { get; init; }
    public ImagingLabelled? Imaging { get; init; }
    public PathologyLabelled? Pathology { get; init; }
    public required DateTimeOffset At { get; init; }

    public static IReadOnlyDictionary<string, Func<LabelRecord, string?>> Indexes { get; } =
        new Dictionary<string, Func<LabelRecord, string?>> { [Case] = record => record.CaseId };
}
