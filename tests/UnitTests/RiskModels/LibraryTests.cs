using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class LibraryTests
{
    public static TheoryData<string> Ids() => [.. ModelLibrary.BuiltIn.All.Select(m => m.Model.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void BuiltInModel_WrittenAndRead_IsTheSameDocument(string id)
    {
        var model = ModelLibrary.BuiltIn.Find(id)!;
        var again = ModelFile.Load(ModelFile.Save(model.Model)).Require();
        Assert.Equal(model.Sha256, ModelFile.Sha256(again));
    }

    [Theory]
    [InlineData("adenocarcinoma", 0.244)]
    [InlineData("squamous", 0.125)]
    [InlineData("small-cell", 0.247)]
    [InlineData("large-cell", 0.195)]
    [InlineData("nsclc-nos", 0.194)]
    public void LungModel_OverItsPrintedDistribution_PredictsItsPrintedPrevalenceOnAverage(string histology, double prevalence)
    {
        var model = ModelLibrary.BuiltIn.Find($"lung-{histology}-seer")!;
        double[] sex = [46496 + 10752, 50750 + 14893];
        double[] sites = [71363 + 10192, 21085 + 10071, 4339 + 4331, 439 + 868];
        double[] sizes = [14785 + 1996, 41463 + 10122, 23894 + 6859, 3210 + 875];
        double[] centimetres = [1, 3, 7, 12];
        var mean = 0.0;
        for (var a = 0; a < 2; a++)
        {
            for (var b = 0; b < 4; b++)
            {
                for (var c = 0; c < 4; c++)
                {
                    var weight = sex[a] / sex.Sum() * (sites[b] / sites.Sum()) * (sizes[c] / sizes.Sum());
                    var coded = FactorDictionary.Code([new("sex", Level: a == 0 ? "F" : "男"), new("other-metastatic-sites", b), new("tumor size", centimetres[c], Unit: "cm")]);
                    Assert.Empty(coded.Problems);
                    mean += weight * Predictor.Predict(model, coded.Coded).Probability!.Value;
                }
            }
        }
        Assert.Equal(prevalence, mean, 1e-12);
    }

    [Fact]
    public void ThyroidModel_ReproducesThePublishedEquation()
    {
        var coded = FactorDictionary.Code(
        [
            new("radioiodine-after-6-months", Level: "yes"), new("age", 60), new("neck-dissection", Level: "yes"), new("extrathyroidal-extension", Level: "no"), new("multifocal", Level: "yes"),
        ]);
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, "thyroid", null, null, coded.Coded)!;
        Assert.Equal("thyroid-differentiated-one-centre", prediction.ModelId);
        Assert.Equal(-6.421 + 1.899 + 1.123 + 0.831, prediction.LinearPredictor!.Value, 1e-12);
        Assert.Contains(prediction.Warnings, w => w.En.Contains("not stated", StringComparison.Ordinal));
    }

    [Fact]
    public void LaboratoryModel_ReproducesThePublishedEquation_WithConvertedUnits()
    {
        var coded = FactorDictionary.Code(
        [
            new("T", Level: "T3b"), new("N", Level: "N2"), new("CEA", 10, Unit: "µg/L"), new("NSE", 15, Unit: "нг/мл"), new("ALP", 2, Unit: "µkat/L"), new("LDH", 200, Unit: "U/L"),
        ]);
        Assert.Empty(coded.Problems);
        var prediction = Predictor.Predict(ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-laboratory")!, coded.Coded);
        Assert.Equal(-7.493 + 1.085 + 1.298 + (0.013 * 10) + (0.090 * 15) + (0.017 * 120) + (0.011 * 200), prediction.LinearPredictor!.Value, 1e-12);
        Assert.Contains(prediction.Warnings, w => w.En.Contains("enriched", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lung", "adenocarcinoma")]
    [InlineData("lung", null)]
    [InlineData("renal", null)]
    [InlineData("renal", "clear-cell")]
    [InlineData("prostate", null)]
    [InlineData("breast", null)]
    [InlineData("thyroid", null)]
    [InlineData("bladder", null)]
    [InlineData("colorectal", null)]
    [InlineData("liver", null)]
    [InlineData("nasopharynx", null)]
    [InlineData("cervix", null)]
    [InlineData("gastric", null)]
    [InlineData("pancreas", null)]
    [InlineData("oesophagus", null)]
    [InlineData("bone", null)]
    [InlineData("soft-tissue", null)]
    [InlineData("other", null)]
    public void Choose_WithoutAnyFactor_StillGivesAPublishedRate(string cancer, string? histology)
    {
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, cancer, histology, null, []);
        Assert.NotNull(prediction);
        Assert.InRange(prediction.Probability!.Value, 0.001, 0.3);
        Assert.Empty(prediction.Refusals);
    }

    [Theory]
    [InlineData("synthetic-demonstration", true, true, true)]
    [InlineData("synthetic-demonstration-imaging", true, true, false)]
    [InlineData("synthetic-demonstration-pathology", true, false, true)]
    [InlineData("synthetic-demonstration-clinical", true, false, false)]
    [InlineData("synthetic-demonstration-labels", false, true, true)]
    [InlineData("synthetic-demonstration-imaging-alone", false, true, false)]
    [InlineData("synthetic-demonstration-pathology-alone", false, false, true)]
    public void Choose_SyntheticDemonstration_TakesTheModelOfTheStrandsThatAreThere(string expected, bool clinical, bool imaging, bool pathology)
    {
        var full = ModelLibrary.BuiltIn.Find("synthetic-demonstration")!.Model;
        var labels = full.Terms.OfType<LabelTerm>().Where(term => term.Factor == "imaging" ? imaging : pathology)
            .Select(term => new LabelInput { Modality = term.Factor, Logit = 0.5, EncoderId = term.EncoderId, EncoderSha256 = term.EncoderSha256, Trained = true, Synthetic = true }).ToList();
        var coded = clinical ? FactorDictionary.Code([new("age", 70, Unit: "years"), new("alp", 120, Unit: "U/L")]).Coded : [];
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, LabelTerm.SyntheticCancerType, null, null, coded, labels)!;
        Assert.Equal(expected, prediction.ModelId);
        Assert.All(prediction.Labels, label => Assert.True(label.Entered));
        Assert.Equal("delta-method", prediction.Interval.Kind);
        Assert.StartsWith("SYNTHETIC", prediction.ModelTitle.En, StringComparison.Ordinal);
        Assert.Contains(prediction.Warnings, warning => warning.En.StartsWith("SYNTHETIC", StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_LungAdenocarcinomaWithItsFactors_TakesTheHistologyModel()
    {
        var coded = FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", 1), new("tumour-size", 41, Unit: "mm")]).Coded;
        var prediction = ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, coded)!;
        Assert.Equal("lung-adenocarcinoma-seer", prediction.ModelId);
        Assert.Equal(3, prediction.Points.Count);
        Assert.Equal(prediction.TotalPoints!.Value, prediction.Points.Sum(p => p.Points), 1e-12);
        Assert.Contains(prediction.Alternatives, a => a.Reason == "other-outcome");
        Assert.Equal(prediction.ToJson(), ModelGroup.Predict(ModelLibrary.BuiltIn, "lung", "adenocarcinoma", null, coded)!.ToJson());
        Assert.Equal(prediction.ToJson(), Prediction.FromJson(prediction.ToJson()).ToJson());
        Assert.StartsWith("Of 100 patients like this one, about ", prediction.Text!.En, StringComparison.Ordinal);
    }
}
