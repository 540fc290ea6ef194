using BoneMet.Storage;

namespace BoneMet.PathologyTiling.Slides;

/// <summary>What is known of one slide of one case. File names are not kept: they often hold names of people.</summary>
internal sealed record SlideDocument : StoredDocument
{
    public const string ByCase = "case";
    public const string BySlide = "slide";

    public static IReadOnlyDictionary<string, Func<SlideDocument, string?>> Indexes { get; } =
        new Dictionary<string, Func<SlideDocument, string?>> { [ByCase] = slide => slide.CaseId, [BySlide] = slide => slide.SlideId };

    public required string CaseId { get; init; }

    /// <summary>SHA-256 of the bytes: the blob's name.</summary>
    public required string SlideId { get; init; }
    public required long Length { get; init; }
    public required SlideState State { get; init; }

    /// <summary>µm per pixel as the uploader stated it; counts only where the file is silent.</summary>
    public double? StatedMicronsPerPixel { get; init; }

    /// <summary>Why it was refused or failed.</summary>
    public string? Code { get; init; }
    public string? Reason { get; init; }
    public SlideFacts? Facts { get; init; }
    public required DateTimeOffset At { get; init; }

    public static string IdOf(string caseId, string slideId) => $"{caseId}.{slideId}";
}
