namespace BoneMet.Cli.Platform;

/// <summary>The services of a cluster: project, service name and what each is for.</summary>
internal static class ClusterLayout
{
    public static IReadOnlyList<(string Project, string Service)> Services { get; } =
    [
        ("NomogramAggregation", "nomogram-aggregation"),
        ("ClinicalScoring", "clinical-scoring"),
        ("DicomIngestion", "dicom-ingestion"),
        ("PathologyTiling", "pathology-tiling"),
        ("FeatureExtraction", "feature-extraction"),
        ("CohortAnalysis", "cohort-analysis"),
        ("Gateway", "gateway"),
    ];
}
