namespace BoneMet.RiskModels;

/// <summary>A risk model document, <c>bonemet.risk-model/1</c>: everything a prediction is computed from, and everything a reader must know to trust it.</summary>
public sealed record RiskModel
{
    public const string Format = "bonemet.risk-model/1";

    /// <summary>Stable name, kebab case: "lung-adenocarcinoma-seer".</summary>
    public required string Id { get; init; }

    /// <summary>Semantic version; a changed number is a new version.</summary>
    public required string Version { get; init; }
    public required LocalText Title { get; init; }

    /// <summary>Dictionary level of "cancer-type", or "any".</summary>
    public required string CancerType { get; init; }

    /// <summary>Dictionary levels of "histology" it holds for; empty: all.</summary>
    public IReadOnlyList<string> Histologies { get; init; } = [];
    public required ModelFamily Family { get; init; }
    public required ModelOutcome Outcome { get; init; }

    /// <summary>When it is used: "diagnosis", "staging", "treatment", "follow-up". No factor known only later may be in it.</summary>
    public required string UsedAt { get; init; }

    /// <summary>False: never chosen by itself, only when asked for by its id.</summary>
    public bool Automatic { get; init; } = true;
    public ModelIntercept? Intercept { get; init; }
    public IReadOnlyList<ModelTerm> Terms { get; init; } = [];
    public ModelCovariance? Covariance { get; init; }

    /// <summary>Cox: the linear predictor at which <see cref="Baseline"/> holds.</summary>
    public double? Centre { get; init; }
    public IReadOnlyList<BaselineSurvival> Baseline { get; init; } = [];
    public IReadOnlyList<ScoreBand> Bands { get; init; } = [];
    public IReadOnlyList<RuleCriterion> Criteria { get; init; } = [];
    public IReadOnlyList<ModelRate> Rates { get; init; } = [];

    /// <summary>Rate of the event in the population that the model is for, shown beside every prediction.</summary>
    public ModelRate? BaseRate { get; init; }
    public required ModelCohort Cohort { get; init; }
    public IReadOnlyList<ModelMeasure> Performance { get; init; } = [];
    public required ModelEvidence Evidence { get; init; }
    public required LocalText IntendedUse { get; init; }
    public required LocalText NotFor { get; init; }
    /// <summary>What every reader of a prediction must be told.</summary>
    public IReadOnlyList<LocalText> Warnings { get; init; } = [];
    public ModelLineage? Lineage { get; init; }

    /// <summary>True: a retired version answers when a stored case names it, and is chosen for no new one.</summary>
    public bool Retired { get; init; }
    public ModelSignature? Signature { get; init; }

    /// <summary>True when it can give a probability (and not only an odds ratio or a yes/no).</summary>
    public bool GivesProbability => Family switch
    {
        ModelFamily.Logistic => Intercept?.Value is not null,
        ModelFamily.Rule => false,
        _ => true,
    };
}
