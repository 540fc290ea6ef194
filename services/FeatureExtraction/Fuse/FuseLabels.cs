using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction.Fuse;

/// <summary>
/// The fused label of a case, as soon as both strands are labelled by the encoders that a fusion was trained on. Whichever label is stored second finds the first, so one of
/// the two always carries it; the same labels give the same fused label, so twice does no harm.
/// </summary>
internal sealed partial class FuseLabels(LabelStore labels, EncoderCatalogue catalogue, IOptions<InferenceOptions> options, ILogger<FuseLabels> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FusionSession?> _sessions = [];

    /// <summary>The record's label with the fused one, when the other strand's is there too.</summary>
    public async Task<ImagingLabelled> With(ImagingLabelled label, string cancerType, CancellationToken cancellation) =>
        (await labels.Latest(label.CaseId, cancellation)).FirstOrDefault(record => record.Pathology is not null)?.Pathology is { } pathology
            ? label with { Fused = await Fuse(label, pathology, cancerType, cancellation) }
            : label;

    /// <summary>The record's label with the fused one, when the other strand's is there too.</summary>
    public async Task<PathologyLabelled> With(PathologyLabelled label, string cancerType, CancellationToken cancellation) =>
        (await labels.Latest(label.CaseId, cancellation)).FirstOrDefault(record => record.Imaging is not null)?.Imaging is { } imaging
            ? label with { Fused = await Fuse(imaging, label, cancerType, cancellation) }
            : label;

    public void Dispose()
    {
        foreach (var session in _sessions.Values) { session?.Dispose(); }
    }

    private async Task<FusedLabelValue?> Fuse(ImagingLabelled imaging, PathologyLabelled pathology, string cancerType, CancellationToken cancellation)
    {
        if (catalogue.Fusion(imaging.Label.EncoderSha256, pathology.Label.EncoderSha256, cancerType) is not { } package || Session(package, cancerType) is not { } session) { return null; }
        var (first, second) = (await labels.Embedding(imaging.Embedding, cancellation), await labels.Embedding(pathology.Embedding, cancellation));
        if (first?.Length != session.Card.Input.Size || second?.Length != session.Card.Input.Size) { return null; }
        var fused = session.Fuse(first, second);
        if (!double.IsFinite(fused.Logit)) { return null; }
        return new()
        {
            Label = new()
            {
                Logit = fused.Logit,
                EncoderId = session.Card.Id,
                EncoderVersion = session.Card.Version,
                EncoderSha256 = session.Card.Sha256,
                Trained = session.Card.Trained,
                Synthetic = session.Card.Synthetic,
                Provider = SessionFactory.CpuName,
                Items = 2,
                Withheld = imaging.Label.Withheld ?? pathology.Label.Withheld,
            },
            ImagingHash = imaging.InputHash,
            PathologyHash = pathology.InputHash,
            WithoutImaging = fused.WithoutImaging,
            WithoutPathology = fused.WithoutPathology,
            ImagingGate = fused.ImagingGate,
            PathologyGate = fused.PathologyGate,
        };
    }

    /// <summary>Opened once for each package and cancer type; a package that must not be used is told once, and then left alone.</summary>
    private FusionSession? Session(EncoderPackage package, string cancerType)
    {
        lock (_gate)
        {
            var key = $"{package.Card.Id} {cancerType}";
            if (_sessions.TryGetValue(key, out var known)) { return known; }
            try
            {
                return _sessions[key] = FusionSession.Open(package, options.Value, cancerType);
            }
            catch (UnusableEncoderException fault)
            {
                LogUnusable(package.Card.Id, fault.Message);
                return _sessions[key] = null;
            }
        }
    }

    [LoggerMessage(EventId = 4005, Level = LogLevel.Error, Message = "Fusion {Id} is not used: {Reason}")]
    private partial void LogUnusable(string id, string reason);
}
