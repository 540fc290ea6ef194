using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.Storage;

namespace BoneMet.FeatureExtraction.Drift;

/// <summary>Adds each new label to what is known of its encoder at its site.</summary>
internal sealed partial class DriftMonitor(IDocumentCollection<DriftRecord> records, LabelStore labels, CaseFacts cases, EncoderCatalogue catalogue, EncoderPool pool, ILogger<DriftMonitor> logger)
{
    private const int Attempts = 10;

    /// <summary>Counts a label once, however often it is told.</summary>
    public async Task Observe(LabelRecord label, CancellationToken cancellation)
    {
        var (value, blob) = label.Imaging is { } imaging ? (imaging.Label, imaging.Embedding) : (label.Pathology!.Label, label.Pathology.Embedding);
        if (catalogue.Find(value.EncoderId)?.Card is not { } card || card.Sha256 != value.EncoderSha256 || pool.Metadata(card.Id) is not { } metadata) { return; }
        if (await labels.Embedding(blob, cancellation) is not { } embedding) { return; }
        var site = SitePseudonym.Of(await cases.Site(label.CaseId, cancellation));
        var id = $"{card.Sha256[..32]}-{site}";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var record = await records.Find(id, cancellation) ?? new DriftRecord { Id = id, EncoderId = card.Id, EncoderVersion = card.Version, Site = site };
            if (record.HasHandled(label.Id)) { return; }
            if (await records.TrySave(record.With(DriftCase.Of(value.Logit, embedding), card.Reference, metadata.Guard).WithHandled(label.Id), cancellation) is not null) { return; }
        }
        LogLost(card.Id);
    }

    [LoggerMessage(EventId = 4008, Level = LogLevel.Warning, Message = "A label of encoder {Id} is not counted for drift: others wrote the figures at the same time")]
    private partial void LogLost(string id);
}
