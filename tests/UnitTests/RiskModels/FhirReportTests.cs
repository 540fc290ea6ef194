using System.Text.Json;
using BoneMet.RiskModels;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class FhirReportTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    [InlineData("ru")]
    public void Write_OfACase_IsAValidBundleToFirely(string language)
    {
        var data = ReportTests.Data();
        var json = FhirReport.Write(data, language);
        Assert.Equal(json, FhirReport.Write(data, language));
        var bundle = JsonSerializer.Deserialize<Bundle>(json, new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector))!;
        var assessment = Assert.IsType<RiskAssessment>(bundle.Entry.Select(e => e.Resource).Single(r => r is RiskAssessment));
        Assert.Equal(3, assessment.Basis.Count);
        Assert.Equal((decimal)data.Prediction!.Probability!.Value * 100, Assert.IsType<FhirDecimal>(assessment.Prediction[0].Probability).Value!.Value, 9);
        Assert.Contains(data.Prediction.ModelId, assessment.Method!.Coding.Select(c => c.Code));
        Assert.Single(bundle.Entry, e => e.Resource is DiagnosticReport);
        Assert.Single(bundle.Entry, e => e.Resource is Device);
        Assert.Single(bundle.Entry, e => e.Resource is Provenance);
        var known = bundle.Entry.Select(e => e.FullUrl).ToHashSet();
        Assert.All(assessment.Basis, reference => Assert.Contains(reference.Reference, known));
    }

    [Fact]
    public void Write_ReadAsFactors_GivesTheSamePrediction()
    {
        using var json = JsonDocument.Parse(FhirReport.Write(ReportTests.Data()));
        var coded = FactorDictionary.Code(FhirFactors.Read(json.RootElement).Factors).Coded;
        Assert.Contains(coded, f => f is { Name: "tumour-size", Number: 4.1 });
        Assert.Contains(coded, f => f is { Name: "sex", Level: "male" });
    }
}
