using System.Text.Json;
using BoneMet.Contracts.Api;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.Prediction;
using BoneMet.RiskModels;

namespace BoneMet.NomogramAggregation.RecomputeCase;

/// <summary>Computes every prediction of a case again from its stored inputs, with the very models it was chosen among, and compares the bytes. Pure; changes nothing.</summary>
internal static class RecomputeCase
{
    public static IReadOnlyList<RecomputedPrediction> Handle(CaseDocument document, ShelfContent shelf)
    {
        var answers = new List<RecomputedPrediction>();
        foreach (var stored in document.Predictions)
        {
            answers.Add(Compare(stored, "champion", stored.ModelId, stored.ModelVersion, stored.Result, stored.Sha256, Again(stored.Basis, shelf)));
            if (stored.Challenger is { } challenger)
            {
                var sha256 = challenger.Result.GetProperty("modelSha256").GetString()!;
                answers.Add(Compare(stored, "challenger", challenger.ModelId, challenger.ModelVersion, challenger.Result, null, Again(stored.Basis, shelf, sha256)));
            }
        }
        return answers;
    }

    /// <summary>The answer chosen among the models of then.</summary>
    private static (RiskModels.Prediction? Prediction, string? Reason) Again(PredictionBasis? basis, ShelfContent shelf)
    {
        if (basis is null) { return (null, "It was stored before inputs were kept with each prediction."); }
        var models = basis.Models.Select(sha256 => (Sha256: sha256, Model: shelf.FindBySha256(sha256))).ToList();
        if (models.Find(one => one.Model is null).Sha256 is { } lost) { return (null, $"The model with SHA-256 {lost} is no longer in the library."); }
        return basis.Predict(new ModelLibrary(models.Select(one => one.Model!))) is { } again ? (again, null) : (null, "None of the models answers.");
    }

    /// <summary>The answer of one model.</summary>
    private static (RiskModels.Prediction? Prediction, string? Reason) Again(PredictionBasis? basis, ShelfContent shelf, string sha256) =>
        basis is null ? (null, "It was stored before inputs were kept with each prediction.")
        : shelf.FindBySha256(sha256) is { } model ? (basis.Predict(model), null)
        : (null, $"The model with SHA-256 {sha256} is no longer in the library.");

    private static RecomputedPrediction Compare(
        CasePrediction stored, string role, string modelId, string modelVersion, JsonElement result, string? sha256, (RiskModels.Prediction? Prediction, string? Reason) again)
    {
        var storedSha256 = CasePredictor.Digest(result);
        var json = again.Prediction is { } prediction ? CasePredictor.Json(prediction) : (JsonElement?)null;
        var recomputed = json is { } text ? CasePredictor.Digest(text) : null;
        var reason = again.Reason
            ?? (sha256 is not null && sha256 != storedSha256 ? $"The stored prediction was changed after it was made: its SHA-256 was {sha256}." : null)
            ?? (recomputed != storedSha256 ? $"Different: {JsonDifference.First(result, json!.Value)}." : null);
        return new RecomputedPrediction
        {
            PredictionId = stored.Id,
            At = stored.At,
            Role = role,
            ModelId = modelId,
            ModelVersion = modelVersion,
            Equal = reason is null,
            StoredSha256 = storedSha256,
            RecomputedSha256 = recomputed,
            Reason = reason,
        };
    }
}
