using System.Text.Json;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

/// <summary>Against R's rms: tests/reference/rms_models.R writes models, what rms predicts from them, and the nomograms it computes.</summary>
public sealed class RmsTests
{
    private const double Tolerance = 1e-9;
    private static readonly JsonElement Reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestData.Root, "tests", "reference", "rms_models.json"))).RootElement;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Predict_ModelOfRms_EqualsItsPredictions(int index)
    {
        var model = Model(index);
        foreach (var patient in Reference[index].GetProperty("patients").EnumerateArray())
        {
            var prediction = Predictor.Predict(model, Coded(patient));
            Assert.Empty(prediction.Refusals);
            var expected = patient.GetProperty("lp").GetDouble();
            Assert.Equal(expected, prediction.LinearPredictor!.Value, Tolerance);
            Assert.Equal(prediction.TotalPoints!.Value, prediction.Points.Sum(p => p.Points), 1e-12 * Math.Max(1, Math.Abs(prediction.TotalPoints.Value)));
            Assert.Equal(expected, (prediction.TotalPoints.Value / NomogramGeometry.Compute(model).PointsPerUnit) + NomogramGeometry.Compute(model).LinearPredictorAtZero, Tolerance);
            if (patient.TryGetProperty("se", out var se))
            {
                Assert.Equal("delta-method", prediction.Interval.Kind);
                Assert.Equal(1 / (1 + Math.Exp(-(expected - (1.959963984540054 * se.GetDouble())))), prediction.Interval.Low!.Value, Tolerance);
                Assert.Equal(1 / (1 + Math.Exp(-(expected + (1.959963984540054 * se.GetDouble())))), prediction.Interval.High!.Value, Tolerance);
            }
            if (patient.TryGetProperty("survival", out var survival))
            {
                Assert.Equal(survival[0].GetDouble(), prediction.Horizons[0].Survival, Tolerance);
                Assert.Equal(survival[1].GetDouble(), prediction.Horizons[1].Survival, Tolerance);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Geometry_ModelOfRms_EqualsItsNomogram(int index)
    {
        var expected = Reference[index].GetProperty("nomogram");
        var geometry = NomogramGeometry.Compute(Model(index));
        Assert.Equal(expected.GetProperty("pointsPerUnit").GetDouble(), geometry.PointsPerUnit, Tolerance);
        Assert.Equal(expected.GetProperty("linearPredictorAtZero").GetDouble(), geometry.LinearPredictorAtZero, Tolerance);
        var axes = geometry.Axes.Where(a => a.Kind == "factor").ToList();
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var set in expected.GetProperty("sets").EnumerateArray())
        {
            var factor = set.GetProperty("factor").GetString()!;
            var line = used.GetValueOrDefault(factor);
            used[factor] = line + 1;
            var axis = axes.Single(a => a.Factor == factor && a.Line == line);
            Assert.Equal(set.GetProperty("points").GetArrayLength(), axis.Ticks.Count);
            for (var i = 0; i < axis.Ticks.Count; i++)
            {
                if (axis.Ticks[i].Value is { } value) { Assert.Equal(double.Parse(set.GetProperty("values")[i].GetString()!), value, Tolerance); }
                Assert.Equal(set.GetProperty("points")[i].GetDouble(), axis.Ticks[i].Position, Tolerance);
            }
        }
        Assert.Equal(axes.Count, used.Values.Sum());
    }

    [Fact]
    public void Pretty_ChoosesTheTicksOfR()
    {
        foreach (var row in Reference[3].GetProperty("pretty").EnumerateArray())
        {
            var expected = row.GetProperty("ticks").EnumerateArray().Select(t => t.GetDouble()).ToArray();
            var ticks = PrettyTicks.Of(row.GetProperty("low").GetDouble(), row.GetProperty("high").GetDouble(), 10);
            Assert.Equal(expected.Length, ticks.Length);
            for (var i = 0; i < ticks.Length; i++) { Assert.Equal(expected[i], ticks[i], 1e-12 * Math.Max(1, Math.Abs(expected[i]))); }
        }
    }

    [Fact]
    public void Geometry_SplineThatTurns_NamesItsTurns()
    {
        var axis = NomogramGeometry.Compute(Model(0)).Axes.First(a => a.Factor == "age");
        Assert.Contains(axis.Turns, turn => turn is > 60 and < 80);
        Assert.Contains(true, axis.Above);
        Assert.Contains(false, axis.Above);
    }

    private static CompiledModel Model(int index) => new(ModelFile.Load(Reference[index].GetProperty("document").GetRawText()).Require());

    private static IReadOnlyList<CodedFactor> Coded(JsonElement patient)
    {
        var units = new Dictionary<string, string> { ["age"] = "a", ["psa"] = "ng/mL", ["alp"] = "U/L", ["haemoglobin"] = "g/L" };
        var coding = FactorDictionary.Code(patient.EnumerateObject().Where(p => p.Name is "age" or "psa" or "alp" or "haemoglobin" or "sex" or "grade").Select(p =>
            p.Value.ValueKind == JsonValueKind.Number ? new SubmittedFactor(p.Name, p.Value.GetDouble(), Unit: units[p.Name]) : new SubmittedFactor(p.Name, Level: p.Value.GetString())));
        Assert.Empty(coding.Problems);
        return coding.Coded;
    }
}
