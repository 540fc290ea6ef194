using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cohorts.Reports;

/// <summary>The pictures of a study as SVG.</summary>
public static class StudyPictures
{
    private const double Side = 420;
    internal static readonly string[] Colours = [Svg.Blue, Svg.Rust, "#3f7d20", "#6d3fb4", "#0b7a75", "#a8204a", "#6b5b00", "#475569"];
    private static readonly string?[] Dashes = [null, "6 3", "2 3", "8 3 2 3"];

    /// <summary>All pictures that the study has, by name: <c>forest</c>, <c>roc</c>, <c>calibration</c>, <c>decision-curve</c>, <c>nomogram</c>, <c>survival</c>, <c>strata</c>,
    /// <c>sites</c>, <c>lasso</c>, <c>external</c>, <c>prognosis</c>, <c>prognosis-second</c>, <c>atlas-factors</c>, <c>atlas-models</c>, <c>atlas-transport</c>, <c>atlas-associations</c>.</summary>
    public static IReadOnlyDictionary<string, string> All(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var pictures = new Dictionary<string, string>();
        if (result.Model is { } model)
        {
            pictures["forest"] = ForestPicture.Model(model);
            pictures["roc"] = Roc(model);
            pictures["calibration"] = Calibration(model);
            pictures["decision-curve"] = DecisionCurve(model);
            if (model.Design.Terms.All(t => t.Kind != TermKind.Interaction)) { pictures["nomogram"] = NomogramPicture.Draw(NomogramDrawing.Of(model)); }
        }
        if (result.Json["leave_one_site_out"] is not null) { pictures["sites"] = SitesPicture.Draw(result.Json); }
        if (result.Json["glmnet"] is { } path) { pictures["lasso"] = PathPicture.Draw(path); }
        if (result.Json["prognosis"] is { } prognosis) { PrognosisPictures.Add(prognosis, pictures); }
        if (result.Json["external_validation"] is { } external) { pictures["external"] = External(external); }
        if (result.Json["atlas"] is not null) { AtlasPictures.Add(result.Json, pictures); }
        if (result.Json["km_curves"] is not null) { pictures["survival"] = Survival(result); }
        if (result.Json["strata"]?["factors"] is not null) { pictures["strata"] = ForestPicture.Strata(result.Json); }
        return pictures;
    }

    private static string Roc(FittedModel model)
    {
        var (low, high) = model.Roc.Interval();
        var title = "ROC curve";
        var svg = new Svg("roc", Side, Side, title, $"Area under the curve {model.Roc.Area:F3}, 95 % confidence interval {low:F3} to {high:F3} (DeLong).");
        var plot = new PlotArea(svg, 64, 20, Side - 20, Side - 56, (0, 1), (0, 1)).Frame("1 − specificity", "sensitivity", V, V);
        svg.Line(plot.X(0), plot.Y(0), plot.X(1), plot.Y(1), Svg.Muted, 1, "4 4");
        svg.Path(RocPoints(model.Fit.LinearPredictor, model.Outcome).Select(p => (plot.X(p.False), plot.Y(p.True))), Svg.Blue, 2.2);
        svg.Text(plot.X(0.42), plot.Y(0.16), $"AUC {model.Roc.Area:F3}", bold: true, size: 14).Text(plot.X(0.42), plot.Y(0.09), $"95 % CI {low:F3} to {high:F3}", fill: Svg.Muted);
        return svg.ToString();
    }

    private static List<(double False, double True)> RocPoints(double[] score, double[] y)
    {
        var sorted = (double[])score.Clone();
        var outcome = (double[])y.Clone();
        Array.Sort(sorted, outcome);
        double cases = y.Sum(), controls = y.Length - cases, hit = 0, miss = 0;
        var points = new List<(double, double)> { (0, 0) };
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            if (outcome[i] > 0) { hit++; } else { miss++; }
            if (i > 0 && sorted[i - 1] == sorted[i]) { continue; }
            var (lastFalse, lastTrue) = points[^1];
            var point = (miss / controls, hit / cases);
            if (i == 0 || point.Item1 - lastFalse + point.Item2 - lastTrue > 0.004) { points.Add(point); }
        }
        return points;
    }

    private static string Calibration(FittedModel model)
    {
        var groups = model.HosmerLemeshow;
        var top = Math.Min(1, PrettyAxis.Ticks(0, Math.Max(groups.Observed.Zip(groups.Count, (o, n) => n > 0 ? o / n : 0).Max(), groups.Expected.Zip(groups.Count, (e, n) => n > 0 ? e / n : 0).Max()) * 1.15, 5)[^1]);
        var svg = new Svg("cal", Side, Side, "Calibration on the data the model was fitted on",
            $"Observed against predicted risk in {groups.Count.Length} groups of predicted risk, with 95 % intervals; Hosmer–Lemeshow p {groups.P:F3}. The dashed diagonal is perfect calibration.");
        var plot = new PlotArea(svg, 64, 20, Side - 20, Side - 56, (0, top), (0, top)).Frame("predicted risk", "observed share", P, P);
        svg.Line(plot.X(0), plot.Y(0), plot.X(top), plot.Y(top), Svg.Muted, 1, "4 4");
        for (var g = 0; g < groups.Count.Length; g++)
        {
            var n = groups.Count[g];
            if (n == 0) { continue; }
            var (low, high) = Wilson(groups.Observed[g], n);
            double at = plot.X(groups.Expected[g] / n), share = groups.Observed[g] / n;
            svg.Line(at, plot.Y(low), at, plot.Y(Math.Min(top, high)), Svg.Blue, 1.4).Circle(at, plot.Y(share), 4);
        }
        // Flexible curve: logistic regression of the outcome on a spline of the linear predictor.
        if (SmoothCalibration(model) is { } curve) { svg.Path(curve.Where(p => p.Predicted <= top && p.Observed <= top).Select(p => (plot.X(p.Predicted), plot.Y(p.Observed))), Svg.Rust); }
        svg.Text(plot.X(top * 0.03), plot.Y(top * 0.95), $"Brier {model.Brier:F4}, Hosmer–Lemeshow p {groups.P:F3}", fill: Svg.Muted);
        return svg.ToString();
    }

    /// <summary>Calibration in the second cohort, by tenths of risk.</summary>
    private static string External(JsonNode external)
    {
        var groups = external["groups"]!.AsArray().Select(g => (N: g!["n"]!.GetValue<int>(), Observed: g["observed"]!.GetValue<double>(), Expected: g["expected"]!.GetValue<double>())).ToArray();
        var top = Math.Min(1, PrettyAxis.Ticks(0, groups.Max(g => Math.Max(g.Observed, g.Expected) / g.N) * 1.15, 5)[^1]);
        var svg = new Svg("external", Side, Side, "Calibration in the second cohort", $"Observed against predicted risk in {groups.Length} tenths of the second cohort, with 95 % intervals. The dashed diagonal is perfect calibration.");
        var plot = new PlotArea(svg, 64, 20, Side - 20, Side - 56, (0, top), (0, top)).Frame("predicted risk", "observed share", P, P);
        svg.Line(plot.X(0), plot.Y(0), plot.X(top), plot.Y(top), Svg.Muted, 1, "4 4");
        foreach (var (n, observed, expected) in groups)
        {
            var (low, high) = Wilson(observed, n);
            svg.Line(plot.X(expected / n), plot.Y(low), plot.X(expected / n), plot.Y(Math.Min(top, high)), Svg.Blue, 1.4).Circle(plot.X(expected / n), plot.Y(observed / n), 4);
        }
        svg.Text(plot.X(top * 0.03), plot.Y(top * 0.95), FormattableString.Invariant($"AUC {external["auc"]!.GetValue<double>():F3}, slope {external["calibration_slope"]!.GetValue<double>():F2}"), fill: Svg.Muted);
        return svg.ToString();
    }

    private static List<(double Predicted, double Observed)>? SmoothCalibration(FittedModel model)
    {
        var eta = model.Fit.LinearPredictor;
        try
        {
            var knots = SplineBasis.Knots(eta, 4, "the linear predictor");
            var fit = LogisticModel.Fit([eta, .. SplineBasis.Expand(eta, knots)], ["lp", "lp'", "lp''"], model.Outcome);
            var sorted = eta.Order().ToArray();
            double low = SplineBasis.Quantile(sorted, 0.01), high = SplineBasis.Quantile(sorted, 0.99);
            double[] grid = [.. Enumerable.Range(0, 101).Select(k => low + ((high - low) * k / 100))];
            var basis = SplineBasis.Expand(grid, knots);
            return [.. grid.Select((g, i) => (Logistic(g), Logistic(fit.Coefficients[0] + (fit.Coefficients[1] * g) + (fit.Coefficients[2] * basis[0][i]) + (fit.Coefficients[3] * basis[1][i]))))];
        }
        catch (StudyException) { return null; }      // too few different predictions for a curve: the groups stand alone
    }

    private static string DecisionCurve(FittedModel model)
    {
        var y = model.Outcome;
        var rate = y.Average();
        var end = Math.Clamp(Math.Ceiling(SplineBasis.Quantile([.. model.Fit.Probabilities.Order()], 0.99) * 20) / 20, 0.1, 0.99);
        var thresholds = Enumerable.Range(1, 99).Select(k => end * k / 100).ToArray();
        var benefit = thresholds.Select(t => NetBenefit(model.Fit.Probabilities, y, t)).ToArray();
        var all = thresholds.Select(t => rate - ((1 - rate) * t / (1 - t))).ToArray();
        var ceiling = PrettyAxis.Ticks(0, Math.Max(rate, 0.01) * 1.1, 4)[^1];
        var floor = -ceiling / 4;
        var svg = new Svg("dca", Side, Side, "Decision curve", $"Net benefit of acting on the model at thresholds up to {end:P0}, against acting on everybody and on nobody. At a prevalence of {rate:P1}.");
        var plot = new PlotArea(svg, 64, 20, Side - 20, Side - 56, (0, end), (floor, ceiling)).Frame("risk threshold", "net benefit", P, t => t.ToString("0.###"));
        svg.Line(plot.X(0), plot.Y(0), plot.X(end), plot.Y(0), Svg.Ink, 1.4);
        svg.Path(thresholds.Zip(all).Where(p => p.Second >= floor).Select(p => (plot.X(p.First), plot.Y(p.Second))), Svg.Muted, 1.6, "5 4");
        svg.Path(thresholds.Zip(benefit).Where(p => p.Second >= floor).Select(p => (plot.X(p.First), plot.Y(p.Second))), Svg.Blue, 2.2);
        double legend = plot.X(end * 0.62), y0 = 40;
        svg.Line(legend, y0 - 4, legend + 24, y0 - 4, Svg.Blue, 2.2).Text(legend + 30, y0, "model")
            .Line(legend, y0 + 14, legend + 24, y0 + 14, Svg.Muted, 1.6, "5 4").Text(legend + 30, y0 + 18, "everybody")
            .Line(legend, y0 + 32, legend + 24, y0 + 32, Svg.Ink, 1.4).Text(legend + 30, y0 + 36, "nobody");
        return svg.ToString();
    }

    private static double NetBenefit(double[] risk, double[] y, double threshold)
    {
        double hit = 0, miss = 0;
        for (var i = 0; i < y.Length; i++) { if (risk[i] >= threshold) { if (y[i] > 0) { hit++; } else { miss++; } } }
        return (hit - (miss * threshold / (1 - threshold))) / y.Length;
    }

    private static string Survival(StudyResult result)
    {
        var curves = result.Json["km_curves"]!.AsArray();
        var end = curves.Max(c => c!["time"]!.AsArray()[^1]!.GetValue<double>());
        const double width = 640;
        var height = 440.0 + (18 * curves.Count);
        var bottom = 384.0;
        var svg = new Svg("km", width, height, "Survival by Kaplan and Meier", string.Join("; ", curves.Select(c => $"{c!["strata"]}: {c["n"]} subjects, {c["events"]} events, median {(c["median"] is { } m ? m.GetValue<double>().ToString("G4") : "not reached")}")));
        var plot = new PlotArea(svg, 64, 20, width - 20, bottom, (0, end), (0, 1)).Frame("time", "surviving", t => t.ToString("G4"), P);
        for (var k = 0; k < curves.Count; k++)
        {
            var colour = Colours[k % Colours.Length];
            var time = curves[k]!["time"]!.AsArray();
            var survival = curves[k]!["surv"]!.AsArray();
            var points = new List<(double, double)> { (plot.X(0), plot.Y(1)) };
            var last = 1.0;
            for (var i = 0; i < time.Count; i++)
            {
                var s = survival[i]!.GetValue<double>();
                if (Math.Abs(s - last) < 0.0005 && i + 1 < time.Count) { continue; }
                var at = plot.X(time[i]!.GetValue<double>());
                points.Add((at, plot.Y(last)));
                points.Add((at, plot.Y(s)));
                last = s;
            }
            svg.Path(points, colour, 2, Dashes[k / Colours.Length % Dashes.Length]);
            var row = bottom + 62 + (18 * k);
            svg.Line(64, row - 4, 92, row - 4, colour, 2).Text(100, row, $"{curves[k]!["strata"]}: {curves[k]!["n"]} subjects, {curves[k]!["events"]} events");
        }
        if (result.Json["logrank"] is { } test) { svg.Text(width - 24, 36, $"log-rank p {Probability(test["p"]!.GetValue<double>())}", "end", fill: Svg.Muted); }
        return svg.ToString();
    }

    internal static string Probability(double p) => p < 0.0001 ? "< 0.0001" : p.ToString("0.####");

    private static (double Low, double High) Wilson(double events, int n)
    {
        const double z = Wald.Z95;
        double p = events / n, centre = (p + (z * z / (2 * n))) / (1 + (z * z / n)), half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4.0 * n * n))) / (1 + (z * z / n));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static string V(double value) => value.ToString("0.##");

    private static string P(double value) => (100 * value).ToString("0.##") + " %";
}
