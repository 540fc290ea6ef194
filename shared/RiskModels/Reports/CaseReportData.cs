namespace BoneMet.RiskModels;

/// <summary>What a report is made of. No identity: a case is known by its id and pseudonym-free facts.</summary>
public sealed record CaseReportData
{
    public required string CaseId { get; init; }
    public required string Site { get; init; }

    /// <summary>Dictionary level of "cancer-type".</summary>
    public required string CancerType { get; init; }
    public string? Histology { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the report is written; given by the caller so that the same data give the same report.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>The latest prediction, or null while there is none.</summary>
    public Prediction? Prediction { get; init; }

    /// <summary>What the model's challenger says of the same inputs; shown beside the prediction, never in its place.</summary>
    public Prediction? Challenger { get; init; }

    /// <summary>The model of the prediction, for picture and model card.</summary>
    public CompiledModel? Model { get; init; }
    public IReadOnlyList<ReportStrand> Strands { get; init; } = [];
    public IReadOnlyList<FactorProblem> Problems { get; init; } = [];
    public IReadOnlyList<ReportEvent> Timeline { get; init; } = [];
    public IReadOnlyList<ReportEarlier> Earlier { get; init; } = [];

    /// <summary>True: the case was generated, and the report says so in every language.</summary>
    public bool Synthetic { get; init; }

    /// <summary>Further notes for a reader (provider, notes of the imaging strand).</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
    public string? TraceId { get; init; }
}
