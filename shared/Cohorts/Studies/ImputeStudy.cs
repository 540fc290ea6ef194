using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Missing;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>The model on tables completed by chained equations, pooled by Rubin's rules.</summary>
internal static class ImputeStudy
{
    public static void Write(Cohort cohort, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
    {
        var protocol = cohort.Protocol;
        int[] rows = [.. Enumerable.Range(0, cohort.Table.Rows).Where(row => !double.IsNaN(cohort.Outcome.Values[row]))];
        double[] outcome = [.. rows.Select(row => cohort.Outcome.Values[row])];
        if (Array.TrueForAll(outcome, v => v == outcome[0])) { throw new StudyException($"The outcome {cohort.Outcome.Name} has one class only."); }
        var used = cohort.Factors.SelectMany(f => f.Columns).Distinct(StringComparer.Ordinal).ToArray();
        var columns = new List<Column>();
        foreach (var name in used)
        {
            var column = cohort.Table[name].Select(rows);
            var levels = column is NumericColumn number && cohort.Factors.Any(f => f.AsLevels && f.Columns[0] == name) ? number.ToCategorical() : column;
            columns.Add(levels is CategoricalColumn factor ? factor.DropUnusedLevels() : levels);
        }
        columns.Add(new NumericColumn(protocol.Outcome, outcome));
        var table = new Table(columns);
        var result = ChainedEquations.Impute(table, new ImputationOptions { Imputations = protocol.Imputations, Iterations = 10, Seed = protocol.Seed, Progress = progress }, cancellation);
        if (result.Columns.Count == 0) { json["note"] = "No factor has a missing value: every table is the same."; }

        var fits = new List<(Statistics.Regression.LogisticFit Fit, Roc Roc, StudyMatrix Design)>();
        foreach (var completed in result.Tables)
        {
            var design = StudyMatrix.Build(completed, cohort.Factors, [], _ => true, protocol, rows);
            var fit = LogisticModel.Fit(design.Columns, design.Names, outcome, protocol.Firth, cancellation: cancellation);
            fits.Add((fit, Roc.Of(fit.LinearPredictor, outcome), design));
        }
        var names = fits[0].Design.Names;
        if (fits.Any(f => !f.Design.Names.SequenceEqual(names))) { throw new StudyException("The imputed tables do not all have the same levels; merge rare levels first."); }
        var list = new JsonArray();
        for (var j = 0; j <= names.Count; j++)
        {
            var pooled = RubinsRules.Pool([.. fits.Select(f => f.Fit.Coefficients[j])], [.. fits.Select(f => f.Fit.StandardErrors[j] * f.Fit.StandardErrors[j])], outcome.Length - names.Count - 1);
            var t = StudentT.Quantile(0.975, pooled.DegreesOfFreedom);
            list.Add((JsonNode)new JsonObject
            {
                ["term"] = j == 0 ? "(Intercept)" : names[j - 1], ["coef"] = Json.Number(pooled.Value), ["se"] = Json.Number(pooled.StandardError), ["stat"] = Json.Number(pooled.Value / pooled.StandardError),
                ["df"] = Json.Number(pooled.DegreesOfFreedom), ["p"] = Json.Number(StudentT.TwoSided(pooled.Value / pooled.StandardError, pooled.DegreesOfFreedom)), ["or"] = Json.Number(Math.Exp(pooled.Value)),
                ["lo"] = Json.Number(Math.Exp(pooled.Value - (t * pooled.StandardError))), ["hi"] = Json.Number(Math.Exp(pooled.Value + (t * pooled.StandardError))), ["lambda"] = Json.Number(pooled.Lambda), ["fmi"] = Json.Number(pooled.MissingInformation),
            });
        }
        json["cohort"] = new JsonObject { ["n"] = outcome.Length, ["events"] = (int)outcome.Sum(), ["rows"] = cohort.Table.Rows, ["dropped_missing"] = 0, ["outcome_missing"] = cohort.Table.Rows - rows.Length };
        json["imputation"] = new JsonObject
        {
            ["m"] = protocol.Imputations, ["seed"] = protocol.Seed,
            ["columns"] = new JsonArray([.. result.Columns.Select(c => (JsonNode)new JsonObject { ["column"] = c.Name, ["method"] = c.Method, ["missing"] = c.Missing })]),
        };
        var brier = fits.Average(f => f.Fit.Brier);
        json["pooled"] = new JsonObject { ["coefficients"] = list, ["auc"] = Auc(fits.Select(f => f.Roc)), ["brier"] = Json.Number(brier) };
        json["warnings"] = new JsonArray(new JsonObject { ["code"] = "imputed", ["text"] = "Estimates hold if values are missing at random given the factors and the outcome." });
    }

    /// <summary>AUC pooled on the logit scale.</summary>
    private static JsonObject Auc(IEnumerable<Roc> curves)
    {
        var all = curves.ToArray();
        double[] logits = [.. all.Select(r => Math.Log(r.Area / (1 - r.Area)))];
        double[] variances = [.. all.Select(r => r.Variance / Math.Pow(r.Area * (1 - r.Area), 2))];
        var pooled = RubinsRules.Pool(logits, variances);
        var t = StudentT.Quantile(0.975, pooled.DegreesOfFreedom);
        static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
        return new JsonObject { ["value"] = Json.Number(Logistic(pooled.Value)), ["lo"] = Json.Number(Logistic(pooled.Value - (t * pooled.StandardError))), ["hi"] = Json.Number(Logistic(pooled.Value + (t * pooled.StandardError))) };
    }
}
