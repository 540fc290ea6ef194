using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;

namespace BoneMet.Cohorts.Studies;

/// <summary>Points for each factor, the longest axis 100, as <c>rms::nomogram</c>.</summary>
internal sealed record NomogramDrawing
{
    private const int Ticks = 10;

    public required IReadOnlyList<NomogramAxis> Axes { get; init; }

    public required double[] Total { get; init; }

    /// <summary>Ticks of the linear predictor with their total points.</summary>
    public required (double Value, double Points)[] Linear { get; init; }

    /// <summary>Ticks of the risk with their total points.</summary>
    public required (double Value, double Points)[] Risk { get; init; }

    /// <summary>Computes the axes.</summary>
    /// <exception cref="StudyException">The model has products, which one axis each cannot show.</exception>
    public static NomogramDrawing Of(FittedModel model)
    {
        var fit = model.Fit;
        var raw = new List<(string Factor, string[] Labels, double[]? Values, double[] Effects)>();
        foreach (var term in model.Design.Terms)
        {
            if (term.Kind == TermKind.Interaction) { throw new StudyException($"The nomogram cannot show the product {term.Name}: its effect has no axis of its own."); }
            double Beta(int k) => fit.Coefficients[term.Columns[k] + 1];
            if (term.Kind == TermKind.Categorical)
            {
                raw.Add((term.Name, term.Levels, null, [0, .. Enumerable.Range(0, term.Levels.Length - 1).Select(Beta)]));
                continue;
            }
            var ticks = PrettyAxis.Ticks(term.Values.Min(), term.Values.Max(), Ticks);
            var effects = ticks.Select(x => Beta(0) * x).ToArray();
            if (term.Kind == TermKind.Spline)
            {
                var basis = SplineBasis.Expand(ticks, term.Knots);
                for (var k = 0; k < basis.Length; k++) { for (var i = 0; i < ticks.Length; i++) { effects[i] += Beta(k + 1) * basis[k][i]; } }
            }
            raw.Add((term.Name, [.. ticks.Select(t => t.ToString("G8"))], ticks, effects));
        }
        var scale = 100 / raw.Max(axis => axis.Effects.Max() - axis.Effects.Min());
        var origin = fit.Coefficients[0] + raw.Sum(axis => axis.Effects.Min());
        var linear = PrettyAxis.Ticks(fit.LinearPredictor.Min(), fit.LinearPredictor.Max(), Ticks);
        var risks = PrettyAxis.Ticks(Logistic(linear[0]), Logistic(linear[^1]), Ticks).Where(r => r > 0 && r < 1 && Logit(r) >= linear[0] && Logit(r) <= linear[^1]);
        double Points(double lp) => (lp - origin) * scale;
        return new NomogramDrawing
        {
            Axes = [.. raw.Select(axis => new NomogramAxis(axis.Factor, axis.Labels, axis.Values, axis.Effects, [.. axis.Effects.Select(e => (e - axis.Effects.Min()) * scale)]))],
            Total = PrettyAxis.Ticks(0, Points(linear[^1]), Ticks), Linear = [.. linear.Select(v => (v, Points(v)))], Risk = [.. risks.Select(v => (v, Points(Logit(v))))],
        };
    }

    public JsonObject ToJson()
    {
        var axes = new JsonObject();
        foreach (var axis in Axes)
        {
            axes[axis.Factor] = new JsonObject
            {
                [axis.Factor] = axis.Values is null ? Json.Texts(axis.Labels) : Json.Numbers(axis.Values), ["Xbeta"] = Json.Numbers(axis.Effects), ["points"] = Json.Numbers(axis.Points),
            };
        }
        return new JsonObject
        {
            ["axes"] = axes, ["total"] = new JsonObject { ["x"] = Json.Numbers(Total) },
            ["lp"] = new JsonObject { ["x"] = Json.Numbers(Linear.Select(t => t.Points)), ["x.real"] = Json.Numbers(Linear.Select(t => t.Value)) },
            ["risk"] = new JsonObject { ["x"] = Json.Numbers(Risk.Select(t => t.Points)), ["x.real"] = Json.Numbers(Risk.Select(t => t.Value)) },
        };
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
