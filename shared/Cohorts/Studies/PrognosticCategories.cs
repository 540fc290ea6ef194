using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Strata (cancer types) clustered by survival into prognostic categories, and the same categories judged in a second cohort.</summary>
internal static class PrognosticCategories
{
    public const int Default = 3;
    private const int GridPoints = 12;
    private const int CurvePoints = 60;

    /// <summary>Follow-up of the subjects whose time, status and stratum are known.</summary>
    private sealed record Followed(double[] Time, int[] Status, int[] Stratum, string[] Levels);

    /// <summary>Writes <c>prognosis</c>; with a second cohort also <c>prognosis.validation</c>.</summary>
    /// <exception cref="StudyException">The follow-up cannot be read, or there are fewer strata than categories.</exception>
    public static void Write(Cohort cohort, string strata, LoadedTable? second, JsonObject json)
    {
        var protocol = cohort.Protocol;
        var first = Follow(cohort.Table, strata, protocol.Time!, StatusColumn(cohort), protocol.Event, "The cohort");
        var categories = Math.Min(protocol.Categories ?? Default, first.Levels.Length);
        if (protocol.Categories > first.Levels.Length) { throw new StudyException($"{first.Levels.Length} values of {strata} cannot form {protocol.Categories} prognostic categories."); }
        var last = first.Time.Max();
        double[] grid = [.. Enumerable.Range(1, GridPoints).Select(k => last * k / GridPoints)];
        var profiles = SurvivalClustering.Profiles(first.Time, first.Status, first.Stratum, first.Levels.Length, grid);
        var merges = SurvivalClustering.Ward(profiles);
        var cut = SurvivalClustering.Cut(merges, profiles, categories);
        var prognosis = new JsonObject
        {
            ["column"] = strata, ["grid"] = Json.Numbers(grid), ["categories"] = categories,
            ["strata"] = new JsonArray([.. first.Levels.Select((level, g) => (JsonNode)new JsonObject { ["stratum"] = level, ["n"] = first.Stratum.Count(s => s == g), ["category"] = cut[g] + 1, ["surv"] = Json.Numbers(profiles[g]) })]),
            ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)new JsonObject { ["left"] = m.Left, ["right"] = m.Right, ["height"] = Json.Number(m.Height) })]),
            ["apparent"] = Judge(first, cut, categories, grid),
        };
        if (second is not null) { prognosis["validation"] = Validate(cohort, strata, second, first, profiles, cut, categories, grid); }
        json["prognosis"] = prognosis;
    }

    /// <summary>The second cohort's strata under the first cohort's categories; and whether its own curves would put them into the same ones.</summary>
    private static JsonObject Validate(Cohort cohort, string strata, LoadedTable second, Followed first, double[][] profiles, int[] cut, int categories, double[] grid)
    {
        var there = Follow(second.Table, strata, cohort.Protocol.Time!, StatusColumn(cohort), cohort.Protocol.Event, "The second cohort");
        int[] known = [.. there.Levels.Select(level => Array.IndexOf(first.Levels, level))];
        if (known.All(k => k < 0)) { throw new StudyException($"The second cohort shares no value of {strata} with the first ({string.Join(", ", first.Levels.Take(6))})."); }
        var curves = SurvivalClustering.Profiles(there.Time, there.Status, there.Stratum, there.Levels.Length, grid);
        var nearest = SurvivalClustering.Assign(profiles, cut, curves);
        int[] shared = [.. Enumerable.Range(0, known.Length).Where(g => known[g] >= 0)];
        int[] rows = [.. Enumerable.Range(0, there.Time.Length).Where(i => known[there.Stratum[i]] >= 0)];
        var judged = new Followed([.. rows.Select(i => there.Time[i])], [.. rows.Select(i => there.Status[i])], [.. rows.Select(i => known[there.Stratum[i]])], first.Levels);
        var agreement = shared.Count(g => nearest[g] == cut[known[g]]);
        return new JsonObject
        {
            ["data_sha256"] = second.Sha256, ["n"] = rows.Length, ["not_in_first"] = Json.Texts(there.Levels.Where((_, g) => known[g] < 0)), ["not_in_second"] = Json.Texts(first.Levels.Where(level => !there.Levels.Contains(level))),
            ["strata"] = new JsonArray([.. shared.Select(g => (JsonNode)new JsonObject
            {
                ["stratum"] = there.Levels[g], ["n"] = there.Stratum.Count(s => s == g), ["category"] = cut[known[g]] + 1, ["nearest"] = nearest[g] + 1, ["surv"] = Json.Numbers(curves[g]),
            })]),
            ["agreement"] = new JsonObject { ["n"] = agreement, ["of"] = shared.Length, ["share"] = Json.Number((double)agreement / shared.Length) },
            ["performance"] = Judge(judged, cut, categories, grid),
        };
    }

    /// <summary>How well the categories tell survival: each one's curve, log-rank between them, and the C index of their order.</summary>
    private static JsonObject Judge(Followed cohort, int[] cut, int categories, double[] grid)
    {
        int[] category = [.. cohort.Stratum.Select(s => cut[s])];
        int[] present = [.. Enumerable.Range(0, categories).Where(category.Contains)];
        int[] place = [.. category.Select(c => Array.IndexOf(present, c))];
        double[] fine = [.. Enumerable.Range(0, CurvePoints + 1).Select(k => grid[^1] * k / CurvePoints)];
        var curves = SurvivalClustering.Profiles(cohort.Time, cohort.Status, place, present.Length, fine);
        var json = new JsonObject
        {
            ["time"] = Json.Numbers(fine),
            ["categories"] = new JsonArray([.. present.Select((c, k) => (JsonNode)new JsonObject
            {
                ["category"] = c + 1, ["n"] = place.Count(p => p == k), ["events"] = Enumerable.Range(0, place.Length).Where(i => place[i] == k).Sum(i => cohort.Status[i]), ["surv"] = Json.Numbers(curves[k]),
            })]),
            ["ordered"] = curves.Zip(curves.Skip(1)).All(pair => pair.First.Average() > pair.Second.Average()),
        };
        if (present.Length < 2 || cohort.Status.Sum() == 0) { return json; }
        var test = LogRank.Test(cohort.Time, cohort.Status, place, present.Length);
        var concordance = Concordance.Compute(cohort.Time, cohort.Status, [.. category.Select(c => (double)c)]);
        json["logrank"] = new JsonObject { ["chisq"] = Json.Number(test.ChiSquare), ["df"] = test.DegreesOfFreedom, ["p"] = Json.Number(test.P) };
        json["concordance"] = Json.Numbers([concordance.Value, concordance.StandardError]);
        return json;
    }

    private static string StatusColumn(Cohort cohort) => cohort.Protocol.Status ?? (cohort.Protocol.Kind == Protocols.StudyKind.Survival ? cohort.Outcome.Name : "status");

    private static Followed Follow(Table table, string strata, string time, string status, string? wanted, string whose)
    {
        var times = table[time] as NumericColumn ?? throw new StudyException($"{whose}'s follow-up column {time} does not hold numbers.");
        var states = BinaryOutcome.OfStatus(table[status], status == "status" ? null : wanted is not null && Holds(table[status], wanted) ? wanted : null);
        var groups = table[strata] switch
        {
            CategoricalColumn factor => factor.DropUnusedLevels(),
            NumericColumn number => number.ToCategorical(),
            _ => throw new StudyException($"The stratum column {strata} holds dates."),
        };
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(i => !times.IsMissing(i) && !double.IsNaN(states.Values[i]) && groups.Codes[i] >= 0)];
        if (rows.Length == 0) { throw new StudyException($"{whose} has no row in which {time}, {status} and {strata} are all known."); }
        foreach (var row in rows) { if (times.Values[row] < 0) { throw new StudyException($"{whose}, row {row + 1}: the follow-up {time} is {times.Values[row]}; it cannot be negative."); } }
        var kept = new CategoricalColumn(strata, [.. rows.Select(i => groups.Codes[i])], groups.Levels).DropUnusedLevels();
        return new([.. rows.Select(i => times.Values[i])], [.. rows.Select(i => (int)states.Values[i])], kept.Codes, kept.Levels);
    }

    private static bool Holds(Column column, string value) => column switch
    {
        CategoricalColumn factor => factor.Levels.Contains(value),
        NumericColumn number => number.ToCategorical().Levels.Contains(value),
        _ => false,
    };
}
