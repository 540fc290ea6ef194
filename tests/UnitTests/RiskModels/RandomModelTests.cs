using System.Globalization;
using System.Text;
using System.Xml.Linq;
using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

/// <summary>Properties that hold for any model document. BONEMET_RANDOM_MODELS sets how many are tried (10,000 by default).</summary>
public sealed class RandomModelTests
{
    // The picture is drawn to a hundredth of a pixel on 695 pixels.
    private const double Resolution = 0.01;
    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("BONEMET_RANDOM_MODELS"), out var count) ? count : 10_000;

    [Fact]
    public void AnyModel_DrawnAndReadBack_PredictsWhatIsComputed()
    {
        for (var seed = 0; seed < Count; seed++)
        {
            var random = new RandomModels(seed);
            var document = random.Model();
            Assert.Empty(ModelChecks.Check(document));
            var model = new CompiledModel(document);
            var prediction = Predictor.Predict(model, random.Patient(document));
            Assert.True(prediction.Refusals.Count == 0, $"seed {seed}: {string.Join("; ", prediction.Refusals)}");
            Assert.InRange(prediction.Probability!.Value, 0, 1);
            var total = prediction.TotalPoints!.Value;
            Assert.Equal(total, prediction.Points.Sum(p => p.Points), 1e-12 * Math.Max(1, prediction.Points.Sum(p => Math.Abs(p.Points))));

            var geometry = NomogramGeometry.Compute(model);
            foreach (var axis in geometry.Axes)
            {
                Assert.True(double.IsFinite(axis.From) && double.IsFinite(axis.To) && axis.From <= axis.To, $"seed {seed}: axis {axis.Factor ?? axis.Kind}");
                foreach (var tick in axis.Ticks) { Assert.True(double.IsFinite(tick.Position), $"seed {seed}"); }
            }
            foreach (var point in prediction.Points)
            {
                var axis = geometry.Axes.First(a => a.Factor == point.Factor.Split(" * ")[0] && a.Line == point.Line);
                Assert.InRange(point.Points, axis.From - 0.5, axis.To + 0.5);
            }
            ReadBack(seed, model, geometry, prediction);
        }
    }

    [Fact]
    public void AnyModel_WithOneByteChanged_LoadsOrListsItsFaults()
    {
        var mutations = Math.Max(1, Count / 200);
        for (var seed = 0; seed < Count / 20; seed++)
        {
            var bytes = Encoding.UTF8.GetBytes(ModelFile.Save(new RandomModels(seed).Model()));
            var random = new Random(seed);
            for (var i = 0; i < Math.Min(mutations, 20); i++)
            {
                var changed = (byte[])bytes.Clone();
                for (var j = random.Next(1, 4); j > 0; j--) { changed[random.Next(changed.Length)] = (byte)random.Next(256); }
                if (random.Next(8) == 0) { changed = changed[..random.Next(changed.Length)]; }
                var load = ModelFile.Load(changed);
                Assert.True(load.Model is null == load.Faults.Count > 0);
                if (load.Model is { } model) { NomogramGeometry.Compute(new CompiledModel(model)); }
            }
        }
    }

    private static void ReadBack(int seed, CompiledModel model, NomogramGeometry geometry, Prediction prediction)
    {
        if (geometry.PointsPerUnit == 0) { return; }
        var svg = XDocument.Parse(NomogramSvg.Draw(geometry, prediction)).Root!;
        var ns = svg.Name.Namespace;
        var groups = svg.Elements(ns + "g").ToList();
        double At(XElement e, string name) => double.Parse(e.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        List<(double X, double Value)> Scale(string kind) => [.. groups.Where(g => g.Attribute("data-kind")!.Value == kind).Elements(ns + "line").Where(l => l.Attribute("data-points") is not null).Select(l => (At(l, "x1"), At(l, "data-value")))];
        double Read(List<(double X, double Value)> scale, double x) => scale[0].Value + ((x - scale[0].X) * (scale[^1].Value - scale[0].Value) / (scale[^1].X - scale[0].X));

        var points = Scale("points");
        var totals = Scale("total");
        var perPoint = (points[^1].X - points[0].X) / (points[^1].Value - points[0].Value);
        var sum = 0.0;
        foreach (var mark in groups.Elements(ns + "path").Where(p => p.Attribute("data-mark")?.Value == "factor"))
        {
            var x = double.Parse(mark.Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture);
            sum += Read(points, x);
        }
        Assert.Equal(prediction.TotalPoints!.Value, sum, 2 * Resolution * prediction.Points.Count / perPoint);

        var total = svg.Elements(ns + "path").Single(p => p.Attribute("data-mark")?.Value == "total");
        var totalX = double.Parse(total.Attribute("d")!.Value[1..].Split(' ')[0], CultureInfo.InvariantCulture);
        var predictors = Scale("linear-predictor");
        if (predictors.Count < 2) { return; }
        var perLogit = (predictors[^1].X - predictors[0].X) / (predictors[^1].Value - predictors[0].Value);
        Assert.True(Math.Abs(prediction.LinearPredictor!.Value - Read(predictors, totalX)) <= 4 * Resolution / perLogit, $"seed {seed}");
        foreach (var axis in groups.Where(g => g.Attribute("data-kind")!.Value == "probability"))
        {
            var survival = axis.Attribute("data-months") is { } months ? model.Model.Baseline.Single(b => b.Months == double.Parse(months.Value, CultureInfo.InvariantCulture)).Survival : (double?)null;
            foreach (var tick in axis.Elements(ns + "line").Where(line => line.Attribute("data-points") is not null))
            {
                var probability = At(tick, "data-value");
                var linear = survival is { } s ? Math.Log(Math.Log(probability) / Math.Log(s)) : Math.Log(probability / (1 - probability));

                // Beyond the last tick of the linear predictor a hundredth of a pixel weighs more.
                var x = At(tick, "x1");
                var reach = 1 + (Math.Abs(x - predictors[0].X) / Math.Abs(predictors[^1].X - predictors[0].X));
                Assert.True(Math.Abs(linear - Read(predictors, x)) <= 4 * Resolution * reach / perLogit, $"seed {seed}: {probability} on the probability axis, drawn at {Read(predictors, x)}, computed {linear}");
            }
        }
        Assert.True(Math.Abs(prediction.TotalPoints.Value - Read(totals, totalX)) <= 4 * Resolution * (totals[^1].Value - totals[0].Value) / (totals[^1].X - totals[0].X), $"seed {seed}");
    }
}
