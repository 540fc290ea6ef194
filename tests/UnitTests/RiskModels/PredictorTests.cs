using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class PredictorTests
{
    private const string Encoder = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void Label_OfANamedTrainedEncoder_EntersBounded_WithClinicalOnlyBeside()
    {
        var model = new CompiledModel(Fused());
        var coded = FactorDictionary.Code([new("sex", Level: "male")]).Coded;
        var prediction = Predictor.Predict(model, coded, [Label(4.2, trained: true)]);
        Assert.Equal(-1 + 0.4, prediction.ClinicalOnly.LinearPredictor!.Value, 1e-12);
        Assert.Equal(-1 + 0.4 + (0.8 * 1.5), prediction.Fused!.LinearPredictor!.Value, 1e-12);
        Assert.Equal(prediction.Fused.Probability, prediction.Probability);
        Assert.True(prediction.Labels[0].Entered);
        Assert.Equal(prediction.TotalPoints!.Value, prediction.Points.Sum(p => p.Points), 1e-12);
    }

    [Theory]
    [InlineData(false, Encoder, null)]
    [InlineData(true, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", null)]
    [InlineData(true, Encoder, "too far from what the encoder has seen")]
    public void Label_UntrainedUnknownOrWithheld_IsShown_AndNeverEnters(bool trained, string sha256, string? withheld)
    {
        var model = new CompiledModel(Fused());
        var coded = FactorDictionary.Code([new("sex", Level: "male")]).Coded;
        var prediction = Predictor.Predict(model, coded, [Label(4.2, trained) with { EncoderSha256 = sha256, Withheld = withheld }]);
        Assert.Null(prediction.Fused);
        Assert.Equal(Predictor.Predict(model, coded).Probability, prediction.Probability);
        Assert.False(Assert.Single(prediction.Labels).Entered);
        Assert.NotNull(prediction.Labels[0].Reason);
    }

    [Fact]
    public void RelativeModel_WithoutIntercept_GivesAnOddsRatio_AndSaysWhyNoProbability()
    {
        var coded = FactorDictionary.Code([new("age", 65), new("sex", Level: "male"), new("t-stage", Level: "T3"), new("node-positive", Level: "yes")]).Coded;
        var prediction = Predictor.Predict(ModelLibrary.BuiltIn.Find("renal-seer-odds")!, coded);
        Assert.Null(prediction.Probability);
        Assert.Equal(1.9 * 1.25 * 3.0 * 2.2, prediction.OddsRatio!.Value, 1e-9);
        Assert.Equal("no-absolute-risk", Assert.Single(prediction.Refusals).Code);
    }

    [Theory]
    [InlineData("slow", "none", 0.1, 0, 0.09)]
    [InlineData("rapid", "none", 0.5, 4, 0.51)]
    [InlineData("rapid", "disseminated", 3.0, 9, 0.94)]
    public void Katagiri_AddsItsPoints(string growth, string visceral, double bilirubin, double expected, double risk)
    {
        var normal = bilirubin < 0.2;
        var coded = FactorDictionary.Code(
        [
            new("primary-growth", Level: growth), new("visceral-metastasis", Level: visceral), new("ecog", normal ? 1 : bilirubin > 1 ? 3 : 2), new("previous-chemotherapy", Level: bilirubin > 1 ? "yes" : "no"),
            new("multiple-skeletal-metastases", Level: "no"), new("crp", normal ? 0.1 : 0.5, Unit: "mg/dL"), new("ldh", 200, Unit: "U/L"), new("albumin", 4.1, Unit: "g/dL"), new("platelets", 200, Unit: "10*9/L"),
            new("calcium", 9.0, Unit: "mg/dL"), new("bilirubin", bilirubin, Unit: "mg/dL"),
        ]).Coded;
        var prediction = Predictor.Predict(ModelLibrary.BuiltIn.Find("katagiri-2014")!, coded);
        Assert.Empty(prediction.Refusals);
        Assert.Equal(expected, prediction.TotalPoints);
        Assert.Equal(risk, prediction.Probability);
    }

    [Theory]
    [InlineData("T2", 7, 150, 95, true)]
    [InlineData("T2", 7, 150, 90, false)]
    [InlineData("T1", 8, 121, 1, true)]
    [InlineData("T3", 7, 121, 1, true)]
    [InlineData("T3", 7, 120, 1, false)]
    [InlineData("T4", 8, 50, 1, true)]
    public void ProstateRule_DecidesAsPublished(string t, double gleason, double alp, double psa, bool positive)
    {
        var coded = FactorDictionary.Code([new("t-stage", Level: t), new("gleason-score", gleason), new("alp", alp, Unit: "U/L"), new("psa", psa, Unit: "ng/mL")]).Coded;
        var prediction = Predictor.Predict(ModelLibrary.BuiltIn.Find("prostate-rule-2019")!, coded);
        Assert.Empty(prediction.Refusals);
        Assert.Equal(positive, prediction.CriteriaMet.Count > 0);
        Assert.StartsWith(positive ? "positive" : "negative", prediction.Band!.En, StringComparison.Ordinal);
    }

    [Fact]
    public void ProstateRule_WithoutWhatDecides_RefusesByName()
    {
        var prediction = Predictor.Predict(ModelLibrary.BuiltIn.Find("prostate-rule-2019")!, FactorDictionary.Code([new("t-stage", Level: "T2")]).Coded);
        Assert.Equal("not-decidable", Assert.Single(prediction.Refusals).Code);
        Assert.Contains("gleason-score", prediction.Missing);
    }

    [Theory]
    [InlineData("colon", "no", "no", 0.015)]
    [InlineData("rectum", "no", "no", 0.015)]
    [InlineData("rectum", "yes", "no", 0.066)]
    [InlineData("rectum", "yes", "yes", 0.105)]
    public void ColorectalScore_GivesThePublishedBand(string site, string nodes, string lung, double risk)
    {
        var coded = FactorDictionary.Code([new("colorectal-site", Level: site), new("node-positive", Level: nodes), new("metachronous-lung-metastasis", Level: lung)]).Coded;
        Assert.Equal(risk, Predictor.Predict(ModelLibrary.BuiltIn.Find("colorectal-metachronous-score")!, coded).Probability);
        Assert.Equal("colorectal-rate-published", ModelGroup.Predict(ModelLibrary.BuiltIn, "colorectal", null, null, coded)!.ModelId);
    }

    [Fact]
    public void Breast_WithReceptors_TakesTheRateOfTheSubtype_WithWilsonLimits()
    {
        var coded = FactorDictionary.Code([new("ER", Level: "阳性"), new("HER2", Level: "阳性")]).Coded;
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, "breast", null, null, coded)!;
        Assert.Equal(1150.0 / 22798, prediction.Probability!.Value, 1e-15);
        Assert.Equal("wilson", prediction.Interval.Kind);
        // R: prop.test(1150, 22798, correct = FALSE)$conf.int
        Assert.Equal(0.04767, prediction.Interval.Low!.Value, 5e-5);
        Assert.Equal(0.05336, prediction.Interval.High!.Value, 5e-5);
    }

    [Theory]
    [InlineData(0.42, "Of 100 patients like this one, about 42 have bone metastasis at diagnosis.", "у 42 пациентов")]
    [InlineData(0.01, "Of 100 patients like this one, about 1 has bone metastasis at diagnosis.", "у 1 пациента")]
    [InlineData(0.0091, "Of 1,000 patients like this one, about 9 have bone metastasis at diagnosis.", "у 9 пациентов")]
    [InlineData(0.0001, "Of 1,000 patients like this one, fewer than 1 have bone metastasis at diagnosis.", "менее чем у 1 пациента")]
    [InlineData(0.21, "Of 100 patients like this one, about 21 have bone metastasis at diagnosis.", "у 21 пациента")]
    public void Sentence_HasEachLanguagesPlural(double probability, string english, string russian)
    {
        var text = PredictionText.Sentence(probability, ModelOutcome.SynchronousBoneMetastasis);
        Assert.Equal(english, text.En);
        Assert.Contains(russian, text.Ru!, StringComparison.Ordinal);
    }

    [Fact]
    public void SyntheticLabel_EntersNoClinicalModel_AndOnlyTheDemonstration()
    {
        var label = Label(1, trained: true) with { Synthetic = true };
        var clinical = Predictor.Predict(new CompiledModel(Fused()), [new() { Name = "sex", Level = "male" }], [label]);
        Assert.False(Assert.Single(clinical.Labels).Entered);
        Assert.Contains("generated data", clinical.Labels[0].Reason!.En, StringComparison.Ordinal);
        var demonstration = Predictor.Predict(new CompiledModel(Fused() with { CancerType = LabelTerm.SyntheticCancerType, Histologies = [] }), [new() { Name = "sex", Level = "male" }], [label]);
        Assert.True(Assert.Single(demonstration.Labels).Entered);
    }

    [Fact]
    public void LabelWithAStandardError_WidensTheIntervalByItsOwnVariance()
    {
        var known = Fused() with
        {
            Intercept = new() { Origin = ModelIntercept.Fitted, Value = -1, StandardError = 0.2 },
            Terms = [new LabelTerm { Factor = "imaging", EncoderId = "lesion", EncoderSha256 = Encoder, Coefficient = new() { Beta = 0.8, StandardError = 0.1 } }],
        };
        double Width(double? error)
        {
            var interval = Predictor.Predict(new CompiledModel(known), [], [Label(1, trained: true) with { StandardError = error }]).Interval;
            return Math.Log(interval.High!.Value / (1 - interval.High.Value)) - Math.Log(interval.Low!.Value / (1 - interval.Low.Value));
        }
        Assert.Equal(2 * 1.959964 * Math.Sqrt((0.2 * 0.2) + (0.1 * 0.1)), Width(null), 1e-5);
        Assert.Equal(2 * 1.959964 * Math.Sqrt((0.2 * 0.2) + (0.1 * 0.1) + (0.8 * 0.5 * 0.8 * 0.5)), Width(0.5), 1e-5);
    }

    internal static RiskModel Fused() => ModelLibrary.BuiltIn.Find("lung-nsclc-nos-seer")!.Model with
    {
        Id = "fused",
        Intercept = new() { Origin = ModelIntercept.Fitted, Value = -1 },
        Terms =
        [
            new CategoricalTerm { Factor = "sex", Levels = [new() { Level = "female", IsReference = true, Coefficient = Coefficient.Reference }, new() { Level = "male", Coefficient = new() { Beta = 0.4 } }] },
            new LabelTerm { Factor = "imaging", EncoderId = "lesion", EncoderSha256 = Encoder, Coefficient = new() { Beta = 0.8 } },
        ],
    };

    private static LabelInput Label(double logit, bool trained) => new() { Modality = "imaging", Logit = logit, EncoderId = "lesion", EncoderSha256 = Encoder, Trained = trained };
}
