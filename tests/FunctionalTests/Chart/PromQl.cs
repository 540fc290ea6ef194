using System.Text.Json;
using System.Text.RegularExpressions;

namespace BoneMet.FunctionalTests.Chart;

/// <summary>What the dashboards and the alert rules ask of Prometheus.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset"];

    /// <summary>The queries of every panel, as Prometheus would get them: variables of the dashboard filled in.</summary>
    public static IEnumerable<(string Dashboard, string Panel, string Query)> Dashboards()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(TestData.Root, "deploy", "grafana"), "*.json").Order(StringComparer.Ordinal))
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
            {
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                {
                    yield return (Path.GetFileNameWithoutExtension(file), panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!.Replace("$site", ".*", StringComparison.Ordinal));
                }
            }
        }
    }

    public static IReadOnlyList<(string Name, string Query)> Alerts()
    {
        var rules = File.ReadAllText(Path.Combine(TestData.Root, "deploy", "prometheus", "alerts.yaml"));
        return [.. AlertRule().Matches(rules).Select(match => (match.Groups["name"].Value, match.Groups["query"].Value))];
    }

    /// <summary>Names of the metrics in a query: what is left when texts, label lists, groupings and functions are taken away.</summary>
    public static IEnumerable<string> Metrics(string query)
    {
        var bare = Grouping().Replace(Labels().Replace(Text().Replace(query, "\"\""), ""), " ");
        return Identifier().Matches(bare).Select(match => match.Value).Where(name => !Words.Contains(name)).Distinct();
    }

    [GeneratedRegex("""^ +- alert: (?<name>\w+)\n +expr: (?<query>.+)$""", RegexOptions.Multiline)]
    private static partial Regex AlertRule();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()")]
    private static partial Regex Identifier();
}
