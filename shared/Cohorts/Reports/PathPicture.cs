using System.Text.Json.Nodes;

namespace BoneMet.Cohorts.Reports;

/// <summary>Cross-validated deviance along the penalties of a LASSO, elastic net or ridge path.</summary>
internal static class PathPicture
{
    public static string Draw(JsonNode path)
    {
        const double width = 640, height = 400;
        double[] lambda = Numbers(path["lambda"]), mean = Numbers(path["cv"]!["cvm"]), error = Numbers(path["cv"]!["cvsd"]);
        int[] used = [.. Enumerable.Range(0, lambda.Length).Where(k => lambda[k] > 0)];
        double best = path["cv"]!["lambda.min"]!["lambda"]!.GetValue<double>(), spare = path["cv"]!["lambda.1se"]!["lambda"]!.GetValue<double>();
        var svg = new Svg("lasso", width, height, "Cross-validated deviance by penalty", FormattableString.Invariant($"{lambda.Length} penalties; least deviance {mean.Min():G4} at {best:G3}, one standard error from it at {spare:G3}. The chosen coefficients are in the table."));
        if (used.Length < 2) { return svg.Text(20, 40, "One penalty only.").ToString(); }
        double low = used.Min(k => mean[k] - error[k]), high = used.Max(k => mean[k] + error[k]), from = used.Min(k => Math.Log10(lambda[k])), to = used.Max(k => Math.Log10(lambda[k]));
        var plot = new PlotArea(svg, 84, 44, width - 20, height - 56, (from, to), (low, high)).Frame("penalty λ (logarithmic)", "deviance per subject", x => Math.Pow(10, x).ToString("G2"), y => y.ToString("G4"));
        foreach (var at in (double[])[best, spare]) { if (at > 0) { svg.Line(plot.X(Math.Log10(at)), 44, plot.X(Math.Log10(at)), height - 56, Svg.Muted, 1.2, "4 3"); } }
        var terms = path["df"]!.AsArray();
        var last = double.NegativeInfinity;
        foreach (var k in used.Reverse())
        {
            var x = plot.X(Math.Log10(lambda[k]));
            svg.Line(x, plot.Y(mean[k] - error[k]), x, plot.Y(mean[k] + error[k]), Svg.Grid, 1.6).Circle(x, plot.Y(mean[k]), 2.6, Svg.Rust);
            if (x - last < 34) { continue; }
            svg.Text(x, 36, $"{terms[k]}", "middle", 11, Svg.Muted);
            last = x;
        }
        return svg.Text(16, 20, "terms kept", size: 11, fill: Svg.Muted).ToString();
    }

    private static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(v => v!.GetValue<double>())];
}
