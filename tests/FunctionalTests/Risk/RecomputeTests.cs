using System.Text.Json;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.Prediction;
using BoneMet.NomogramAggregation.RecomputeCase;
using BoneMet.RiskModels;
using BoneMet.Storage;
using Xunit;

namespace BoneMet.FunctionalTests.Risk;

public sealed class RecomputeTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A later release of the software ships none of the models of then; the kept library still has them.</summary>
    [Fact]
    public void Prediction_OfModelsThatNoLongerShip_ComesOutAgainFromTheKeptLibrary()
    {
        var document = Stored();
        var kept = ModelLibrary.BuiltIn.Versions.ToDictionary(model => model.Sha256, model => new CompiledModel(ModelFile.Load(ModelFile.Save(model.Model)).Require()));
        var later = new ShelfContent(new ModelLibrary([]), new Dictionary<string, ModelStanding>(), kept);
        var answer = Assert.Single(RecomputeCase.Handle(document, later));
        Assert.True(answer.Equal, answer.Reason);
        Assert.Equal(answer.StoredSha256, answer.RecomputedSha256);

        var lost = Assert.Single(RecomputeCase.Handle(document, new ShelfContent(new ModelLibrary([]), new Dictionary<string, ModelStanding>(), new Dictionary<string, CompiledModel>())));
        Assert.False(lost.Equal);
        Assert.Contains("no longer in the library", lost.Reason);
    }

    [Fact]
    public void Prediction_ChangedInTheStoreOrOtherInputs_IsNamed()
    {
        var document = Stored();
        var shelf = new ShelfContent(ModelLibrary.BuiltIn, new Dictionary<string, ModelStanding>(), new Dictionary<string, CompiledModel>());
        var result = JsonNode.Parse(document.Predictions[0].Result.GetRawText())!;
        result["probability"] = 0.01;
        var forged = document with { Predictions = [document.Predictions[0] with { Result = JsonSerializer.SerializeToElement(result) }] };
        Assert.Contains("changed after it was made", Assert.Single(RecomputeCase.Handle(forged, shelf)).Reason);

        var basis = document.Predictions[0].Basis!;
        var other = document with { Predictions = [document.Predictions[0] with { Basis = basis with { Coded = [.. basis.Coded.Select(factor => factor.Name == "tumour-size" ? factor with { Number = 9 } : factor)] } }] };
        Assert.Contains("/", Assert.Single(RecomputeCase.Handle(other, shelf)).Reason);

        var old = document with { Predictions = [document.Predictions[0] with { Basis = null }] };
        Assert.Contains("before inputs were kept", Assert.Single(RecomputeCase.Handle(old, shelf)).Reason);
    }

    /// <summary>As the store gives it back: written as JSON and read again.</summary>
    private static CaseDocument Stored()
    {
        var document = new CaseDocument
        {
            Id = "c1", Site = "a", Subject = "s", CancerType = "lung", Histology = "adenocarcinoma", CreatedAt = Then, UpdatedAt = Then,
            Imaging = StrandState.Absent, Pathology = StrandState.Absent, Clinical = new StrandState { Status = StrandStatus.Ready, InputHash = "h", Since = Then },
        };
        CodedFactorValue[] coded = [new() { Name = "sex", Level = "male" }, new() { Name = "other-metastatic-sites", Level = "2" }, new() { Name = "tumour-size", Number = 4.1, Unit = "cm", ConvertedFrom = "41 mm" }];
        var basis = CaseInputs.Basis(document, coded, [], ModelLibrary.BuiltIn);
        var prediction = basis.Predict(ModelLibrary.BuiltIn)!;
        var result = CasePredictor.Json(prediction);
        var stored = new CasePrediction
        {
            Id = "p1", At = Then, Inputs = new Dictionary<string, string> { ["clinical"] = "h" }, ModelId = prediction.ModelId, ModelVersion = prediction.ModelVersion,
            Probability = prediction.Probability, Provider = "none", Result = result, Sha256 = CasePredictor.Digest(result), Basis = basis,
        };
        var json = JsonSerializer.Serialize(document with { Coded = coded, Predictions = [stored] }, DocumentJson.Options);
        return JsonSerializer.Deserialize<CaseDocument>(json, DocumentJson.Options)!;
    }
}
