using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Two fitted models on one cohort: paired DeLong test, calibration, net benefit, reclassification.</summary>
public static class ModelComparison
{
    private static readonly double[] Thresholds = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

    /// <summary>Columns that the models read; a NaN in them is a fault of the file, not a missing value.</summary>
    /// <exception cref="StudyException">One of them holds no model.</exception>
    public static IReadOnlySet<string> UsedColumns((string Name, string Json) first, (string Name, string Json) second, string? outcome = null) =>
        StoredModel.Parse(first.Name, first.Json).Columns.Concat(StoredModel.Parse(second.Name, second.Json).Columns).Concat(outcome is null ? [] : [outcome]).ToHashSet(StringComparer.Ordinal);

    /// <summary>Compares.</summary>
    /// <param name="first">Name and JSON of the first study.</param>
    /// <param name="second">Name and JSON of the second study.</param>
    /// <param name="loaded">The cohort.</param>
    /// <param name="outcome">Outcome column; null: that of the first study.</param>
    /// <exception cref="StudyException">The models cannot be compared there.</exception>
    public static JsonObject Run((string Name, string Json) first, (string Name, string Json) second, LoadedTable loaded, string? outcome = null)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        var a = StoredModel.Parse(first.Name, first.Json);
        var b = StoredModel.Parse(second.Name, second.Json);
        if (outcome is null && a.Outcome != b.Outcome) { throw new StudyException($"The models predict different outcomes, {a.Outcome} and {b.Outcome}; say which one with --outcome."); }
        var table = loaded.Table;
        if (table.Rows == 0) { throw new StudyException("The cohort has no row: the file holds a header only."); }
        var y = BinaryOutcome.Of(table[outcome ?? a.Outcome], outcome is null ? a.Event : null);
        double[] linearA = a.Predict(table), linearB = b.Predict(table);
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(i => !double.IsNaN(y.Values[i]) && !double.IsNaN(linearA[i]) && !double.IsNaN(linearB[i]))];
        double[] observed = [.. rows.Select(i => y.Values[i])];
        if (observed.Length == 0) { throw new StudyException("No row has all values that both models need."); }
        if (Array.TrueForAll(observed, v => v == observed[0])) { throw new StudyException($"The outcome {y.Name} has one class only among the {observed.Length} rows that both models can judge."); }
        double[] etaA = [.. rows.Select(i => linearA[i])], etaB = [.. rows.Select(i => linearB[i])];
        double[] riskA = [.. etaA.Select(Logistic)], riskB = [.. etaB.Select(Logistic)];
        var rocA = Roc.Of(etaA, observed);
        var rocB = Roc.Of(etaB, observed);
        var test = Roc.Paired(rocA, rocB);
        var warnings = new JsonArray();
        foreach (var model in (StoredModel[])[a, b])
        {
            if (model.DataSha256 == loaded.Sha256) { warnings.Add((JsonNode)new JsonObject { ["code"] = "same-data", ["text"] = $"{model.Name} was fitted on these same data: its performance here is apparent." }); }
        }
        if (observed.Length < table.Rows)
        {
            string[] unknown = [.. a.UnknownLevels(table).Concat(b.UnknownLevels(table)).Distinct(StringComparer.Ordinal)];
            warnings.Add((JsonNode)new JsonObject
            {
                ["code"] = "left-out",
                ["text"] = $"{table.Rows - observed.Length} of {table.Rows} rows are left out: the outcome or a factor is missing{(unknown.Length == 0 ? "" : $", or a model does not know the level ({string.Join(", ", unknown.Take(6))}{(unknown.Length > 6 ? ", …" : "")})")}.",
            });
        }
        warnings.Add((JsonNode)new JsonObject { ["code"] = "reclassification", ["text"] = Reclassification.Warning });
        var reclassified = Reclassification.Of(riskA, riskB, observed);
        var curveA = DecisionCurve.Of(riskA, observed, Thresholds);
        var curveB = DecisionCurve.Of(riskB, observed, Thresholds);
        return new JsonObject
        {
            ["on"] = new JsonObject { ["data_sha256"] = loaded.Sha256, ["n"] = observed.Length, ["events"] = (int)observed.Sum(), ["left_out"] = table.Rows - observed.Length },
            ["models"] = new JsonArray(Judge(a, rocA, riskA, observed), Judge(b, rocB, riskB, observed)),
            ["delong"] = new JsonObject { ["difference"] = Json.Number(rocA.Area - rocB.Area), ["lo"] = Json.Number(test.Low), ["hi"] = Json.Number(test.High), ["z"] = Json.Number(test.Statistic), ["p"] = Json.Number(test.P) },
            ["net_benefit"] = new JsonArray([.. Thresholds.Select((t, k) => (JsonNode)new JsonObject { ["threshold"] = t, ["first"] = Json.Number(curveA[k].NetBenefit), ["second"] = Json.Number(curveB[k].NetBenefit), ["all"] = Json.Number(curveA[k].TreatAll) })]),
            ["reclassification"] = new JsonObject
            {
                ["nri"] = Json.Number(reclassified.Nri), ["nri_se"] = Json.Number(reclassified.NriStandardError), ["nri_p"] = Json.Number(reclassified.NriP), ["nri_events"] = Json.Number(reclassified.NriCases),
                ["nri_nonevents"] = Json.Number(reclassified.NriControls), ["idi"] = Json.Number(reclassified.Idi), ["idi_se"] = Json.Number(reclassified.IdiStandardError), ["idi_p"] = Json.Number(reclassified.IdiP),
            },
            ["warnings"] = warnings,
        };
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static JsonObject Judge(StoredModel model, Roc roc, double[] risk, double[] observed)
    {
        var (low, high) = roc.Interval();
        var calibration = CalibrationSummary.Of(risk, observed);
        return new JsonObject
        {
            ["name"] = model.Name, ["auc"] = Json.Number(roc.Area), ["ci_delong"] = Json.Numbers([low, roc.Area, high]), ["brier"] = Json.Number(calibration.Brier), ["calibration_in_the_large"] = Json.Number(calibration.InTheLarge),
            ["calibration_slope"] = Json.Number(calibration.Slope), ["ici"] = Json.Number(calibration.Ici),
        };
    }
}
