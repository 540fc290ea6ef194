namespace BoneMet.Cli.Images;

/// <summary>An image of the platform.</summary>
/// <param name="Name">As the chart, compose and skaffold name it.</param>
/// <param name="Project">Folder below <c>services</c>.</param>
/// <param name="Title">For the image's description.</param>
/// <param name="Native">Debian packages whose libraries (or fonts) it loads beside those of its NuGet packages.</param>
internal sealed record ServiceImage(string Name, string Project, string Title, params IReadOnlyList<string> Native)
{
    private const string OpenJpeg = "libopenjp2-7";
    private const string CharLs = "libcharls2";
    private const string OpenSlide = "libopenslide0";
    private static readonly string[] Fonts = ["fonts-dejavu-core", "fonts-wqy-microhei"];

    /// <summary>ONNX Runtime on CUDA, over NVIDIA's runtime image instead of our base: its libraries cannot come from Debian.</summary>
    public bool OnCuda { get; init; }

    /// <summary>Python instead of .NET (deploy/training.Dockerfile).</summary>
    public bool IsTraining { get; init; }

    /// <summary>Needs images of others, and so a registry.</summary>
    public bool NeedsRegistry => OnCuda || IsTraining;

    public static IReadOnlyList<ServiceImage> All { get; } =
    [
        new("all-in-one", "AllInOne", "Every service in one process", [OpenJpeg, CharLs, OpenSlide, .. Fonts]),
        new("gateway", "Gateway", "API keys, REST, DICOMweb, portal"),
        new("dicom-ingestion", "DicomIngestion", "DICOM by upload, STOW-RS and DIMSE", OpenJpeg, CharLs),
        new("pathology-tiling", "PathologyTiling", "Slides into tissue tiles", OpenSlide),
        new("feature-extraction", "FeatureExtraction", "Labels from images and tiles, on the CPU"),
        new("clinical-scoring", "ClinicalScoring", "Clinical factors into points"),
        new("nomogram-aggregation", "NomogramAggregation", "Cases, predictions, nomograms, reports", Fonts),
        new("cohort-analysis", "CohortAnalysis", "Cohort studies: fitted and validated models"),
        new("cli", "Cli", "The bonemet command: demo, sites, broker, models", [OpenJpeg, CharLs, .. Fonts]),
        new("feature-extraction-gpu", "FeatureExtraction", "Labels from images and tiles, on CUDA") { OnCuda = true },
        new("model-training", "ModelTraining", "Trains image encoders and exports them to ONNX") { IsTraining = true },
    ];

    public static ServiceImage Find(string name) =>
        All.FirstOrDefault(image => image.Name == name) ?? throw new CliFailure($"There is no image '{name}': it is one of {string.Join(", ", All.Select(image => image.Name))}.");
}
