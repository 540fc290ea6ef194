namespace BoneMet.Cohorts.Publishing;

/// <summary>What a model document says that the data do not: for whom and for what the model is.</summary>
public sealed record PublicationDetails
{
    /// <summary>Kebab-case id.</summary>
    public required string Id { get; init; }

    /// <summary>Semantic version.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>Title; null: made from outcome and factors.</summary>
    public string? Title { get; init; }

    /// <summary>Cancer type of the factor dictionary, or <c>any</c>.</summary>
    public string CancerType { get; init; } = "any";

    /// <summary><c>bone-metastasis</c>, <c>distant-metastasis</c>, <c>death</c>.</summary>
    public string Event { get; init; } = RiskModels.ModelOutcome.BoneMetastasis;

    /// <summary><c>synchronous</c>, <c>metachronous</c> or <c>not-stated</c>.</summary>
    public string Timing { get; init; } = RiskModels.ModelOutcome.Synchronous;

    /// <summary>Months, for a metachronous outcome.</summary>
    public double? HorizonMonths { get; init; }

    /// <summary>When the model is used: <c>diagnosis</c>, <c>staging</c>, <c>treatment</c>, <c>follow-up</c>.</summary>
    public string UsedAt { get; init; } = "staging";

    /// <summary>Name of the cohort, for the reader.</summary>
    public required string Cohort { get; init; }

    /// <summary>Columns of the cohort that are image labels (<c>imaging</c>, <c>pathology</c>), and the encoder that made each.</summary>
    public IReadOnlyDictionary<string, LabelSource> Labels { get; init; } = new Dictionary<string, LabelSource>();

    /// <summary>What stands before everything else that the model says of itself, such as that it is synthetic; null: nothing.</summary>
    public string? Statement { get; init; }

    /// <summary>Whether the platform may choose the model by itself; a model with warnings never is.</summary>
    public bool Automatic { get; init; }
}
