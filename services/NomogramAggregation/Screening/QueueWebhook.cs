using System.Text.Json;
using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.RiskModels;
using BoneMet.Storage;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>A crossing → a message that waits for its destination. Told again, it finds its message there already.</summary>
internal sealed class QueueWebhook(IDocumentCollection<RiskWatch> watches, IDocumentCollection<WebhookDelivery> deliveries, CaseStore cases, WebhookSender sender, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public async Task Handle(RiskThresholdCrossed crossed, CancellationToken cancellation)
    {
        if (await watches.Find(crossed.WatchId, cancellation) is not { Url: not null }) { return; }
        if (await cases.Find(crossed.CaseId, cancellation) is not { } document || document.Predictions.FirstOrDefault(one => one.Id == crossed.PredictionId) is not { } stored) { return; }

        var now = clock.GetUtcNow();
        var saved = await deliveries.TrySave(
            new WebhookDelivery
            {
                Id = $"d{InputHash.Of(crossed.WatchId, crossed.CaseId, crossed.PredictionId, crossed.Direction)[..24]}",
                WatchId = crossed.WatchId,
                CaseId = crossed.CaseId,
                Body = Body(crossed, document, stored.Result.Deserialize(PredictionJson.Default.Prediction)!),
                State = WebhookDelivery.Pending,
                CreatedAt = now,
                NextAt = now,
            },
            cancellation);
        if (saved is not null) { sender.Wake(); }
    }

    /// <summary>The message: no identity, not even the site's pseudonym; who may see the case asks the API for it.</summary>
    private static string Body(RiskThresholdCrossed crossed, CaseDocument document, RiskModels.Prediction prediction) => JsonSerializer.Serialize(
        new
        {
            Type = "risk.threshold.crossed",
            Timestamp = crossed.At,
            Data = new
            {
                crossed.CaseId,
                Case = $"/api/v1/cases/{crossed.CaseId}",
                document.CancerType,
                crossed.PredictionId,
                crossed.ModelId,
                crossed.ModelVersion,
                Outcome = PredictionText.Outcome(prediction.Outcome).En,
                crossed.Probability,
                Interval = new { prediction.Interval.Low, prediction.Interval.High, prediction.Interval.Kind },
                crossed.Threshold,
                crossed.Direction,
                InputsUsed = prediction.Inputs.Where(input => input.Used).Select(input => input.Name),
                prediction.Missing,
                prediction.OutOfRange,
                Synthetic = document.IsSynthetic,
                IntendedUse = prediction.IntendedUse.En,
                Status = "For research use. Not a medical device; no treatment decision may rest on it.",
            },
        },
        Json);
}
