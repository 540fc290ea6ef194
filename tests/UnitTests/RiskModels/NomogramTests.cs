using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class NomogramTests
{
    [Theory]
    [MemberData(nameof(LibraryTests.Ids), MemberType = typeof(LibraryTests))]
    public void BuiltInModel_WithPoints_IsDrawn(string id)
    {
        var model = ModelLibrary.BuiltIn.Find(id)!;
        var svg = NomogramSvg.Draw(NomogramGeometry.Compute(model), ModelGroup.Predict(ModelLibrary.BuiltIn, model.Model.CancerType, model.Model.Histologies is [var first, ..] ? first : null, null, []));
        System.Xml.Linq.XDocument.Parse(svg);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder) { File.WriteAllText(Path.Combine(folder, id + ".svg"), svg); }
    }

    [Fact]
    public void LungModel_WithPatient_MarksEveryFactorAndTheTotal()
    {
        var coded = FactorDictionary.Code([new("sex", Level: "male"), new("other-metastatic-sites", 1), new("tumour-size", 41, Unit: "mm")]).Coded;
        var model = ModelLibrary.BuiltIn.Find("lung-adenocarcinoma-seer")!;
        var svg = NomogramSvg.Draw(NomogramGeometry.Compute(model), Predictor.Predict(model, coded));
        Assert.Equal(3, svg.Split("data-mark=\"factor\"").Length - 1);
        Assert.Contains("data-mark=\"total\"", svg, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("BONEMET_TEST_PICTURES") is { Length: > 0 } folder) { File.WriteAllText(Path.Combine(folder, "patient.svg"), svg); }
    }
}
