using System.Text.Json.Nodes;

namespace BoneMet.Cohorts.Reports;

/// <summary>Survival of prognostic categories, in the cohort that made them and in the one that judges them.</summary>
internal static class PrognosisPictures
{
    public static void Add(JsonNode prognosis, Dictionary<string, string> pictures)
    {
        pictures["prognosis"] = Draw("prognosis", "Survival by prognostic category", prognosis["apparent"]!);
        if (prognosis["validation"]?["performance"] is { } second) { pictures["prognosis-second"] = Draw("prognosis-second", "Survival by prognostic category, second cohort", second); }
    }

    private static string Draw(string id, string title, JsonNode judged)
    {
        const double width = 640, bottom = 340;
        var categories = judged["categories"]!.AsArray();
        double[] time = [.. judged["time"]!.AsArray().Select(t => t!.GetValue<double>())];
        var svg = new Svg(id, width, bottom + 56 + (20 * categories.Count), title, string.Join("; ", categories.Select(c => $"category {c!["category"]}: {c["n"]} subjects, {c["events"]} events")) + ". Survival by stratum is in the table.");
        var plot = new PlotArea(svg, 64, 20, width - 20, bottom, (0, time[^1]), (0, 1)).Frame("time", "surviving", t => t.ToString("G4"), s => (100 * s).ToString("0") + " %");
        for (var k = 0; k < categories.Count; k++)
        {
            var colour = StudyPictures.Colours[k % StudyPictures.Colours.Length];
            double[] survival = [.. categories[k]!["surv"]!.AsArray().Select(s => s!.GetValue<double>())];
            svg.Path(time.Zip(survival).Select(p => (plot.X(p.First), plot.Y(p.Second))), colour, 2.2);
            var row = bottom + 60 + (20 * k);
            svg.Line(64, row - 4, 92, row - 4, colour, 2.2).Text(100, row, $"category {categories[k]!["category"]}: {categories[k]!["n"]} subjects, {categories[k]!["events"]} events");
        }
        return svg.ToString();
    }
}
