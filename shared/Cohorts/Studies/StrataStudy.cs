using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>The same factors in every stratum: pooled and per-stratum effects, heterogeneity, interaction tests and a verdict for each.</summary>
internal static class StrataStudy
{
    public static void Write(Cohort cohort, LoadedTable? second, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
    {
        var name = cohort.Protocol.Strata ?? cohort.Protocol.Site ?? throw new StudyException("A strata study needs the stratum column: --strata COLUMN.");
        var column = cohort.Table[name] switch
        {
            CategoricalColumn factor => factor,
            NumericColumn number => number.ToCategorical(),
            _ => throw new StudyException($"The stratum column {name} holds dates."),
        };
        var factors = cohort.Factors.Where(f => !f.Columns.Contains(name)).ToArray();
        if (factors.Length == 0) { throw new StudyException("A strata study needs at least one factor besides the stratum."); }
        var design = cohort.Design(factors, column);
        var y = cohort.OutcomeOf(design);
        var groups = ((CategoricalColumn)column.Select(design.Rows)).DropUnusedLevels();
        if (groups.Levels.Length < 2) { throw new StudyException($"The stratum column {name} has one value only: {groups.Levels[0]}."); }

        json["cohort"] = new JsonObject { ["n"] = y.Length, ["events"] = (int)y.Sum(), ["rows"] = cohort.Table.Rows, ["dropped_missing"] = design.Dropped };
        json["strata"] = Compare(design, y, groups, progress, cancellation);
        if (cohort.Protocol.Time is not null && groups.Levels.Length > 2) { PrognosticCategories.Write(cohort, name, second, json); }
        else if (second is not null) { throw new StudyException("A strata study is validated on a second cohort by survival: give the follow-up column (--time), and at least three strata."); }
        json["warnings"] = new JsonArray();
    }

    /// <summary>Every term in every stratum, pooled, with its interaction test and verdict.</summary>
    public static JsonObject Compare(StudyMatrix design, double[] y, CategoricalColumn groups, IProgress<double>? progress, CancellationToken cancellation)
    {
        var effects = design.Names.Select(_ => new List<StratumEffect>()).ToArray();
        var summary = new JsonArray();
        var steps = (double)(groups.Levels.Length + design.Terms.Count + 1);
        for (var g = 0; g < groups.Levels.Length; g++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(g / steps);
            int[] rows = [.. Enumerable.Range(0, y.Length).Where(i => groups.Codes[i] == g)];
            var events = (int)rows.Sum(i => y[i]);
            summary.Add((JsonNode)new JsonObject { ["stratum"] = groups.Levels[g], ["n"] = rows.Length, ["events"] = events });
            FitStratum(design, y, rows, groups.Levels[g], events, effects, cancellation);
        }
        var list = new JsonArray();
        var pooled = new PooledModel(design, y, groups);
        for (var t = 0; t < design.Terms.Count; t++)
        {
            progress?.Report((groups.Levels.Length + t) / steps);
            var interaction = pooled.Interaction(design.Terms[t], cancellation);
            foreach (var c in design.Terms[t].Columns) { list.Add((JsonNode)Factor(design.Names[c], design.Terms[t].Name, effects[c], interaction)); }
        }
        return new JsonObject { ["column"] = groups.Name, ["levels"] = summary, ["factors"] = list };
    }

    /// <summary>The multivariable model of one stratum; columns that it cannot estimate are left out with the reason.</summary>
    private static void FitStratum(StudyMatrix design, double[] y, int[] rows, string stratum, int events, List<StratumEffect>[] effects, CancellationToken cancellation)
    {
        var reasons = new string?[design.Names.Count];
        var kept = new List<int>();
        double[] outcome = [.. rows.Select(i => y[i])];
        foreach (var term in design.Terms)
        {
            foreach (var c in term.Columns)
            {
                var column = design.Columns[c];
                if (events == 0 || events == rows.Length) { reasons[c] = events == 0 ? "no event in the stratum" : "only events in the stratum"; continue; }
                if (rows.All(i => column[i] == column[rows[0]])) { reasons[c] = "the same value for every subject"; continue; }
                if (term.Kind == TermKind.Categorical)
                {
                    var at = rows.Where(i => column[i] == 1).ToArray();
                    var with = (int)at.Sum(i => y[i]);
                    if (with == 0 || with == at.Length) { reasons[c] = with == 0 ? $"no event among {at.Length}" : $"only events among {at.Length}"; continue; }
                    var reference = rows.Where(i => term.Codes[i] == 0).ToArray();
                    var referenceEvents = (int)reference.Sum(i => y[i]);
                    if (referenceEvents == 0 || referenceEvents == reference.Length) { reasons[c] = $"the reference {term.Levels[0]} has {referenceEvents} events among {reference.Length}"; continue; }
                }
                kept.Add(c);
            }
        }
        LogisticFit? fit = null;
        if (kept.Count > 0)
        {
            try { fit = LogisticModel.Fit([.. kept.Select(c => rows.Select(i => design.Columns[c][i]).ToArray())], [.. kept.Select(c => design.Names[c])], outcome, cancellation: cancellation); }
            catch (StudyException exception) { foreach (var c in kept) { reasons[c] = exception.Message; } }
        }
        for (var c = 0; c < effects.Length; c++)
        {
            var at = fit is null ? -1 : kept.IndexOf(c);
            effects[c].Add(at >= 0
                ? new(stratum, fit!.Coefficients[at + 1], fit.StandardErrors[at + 1], rows.Length, events)
                : new(stratum, double.NaN, double.NaN, rows.Length, events, reasons[c]));
        }
    }

    private static JsonObject Factor(string name, string factor, List<StratumEffect> effects, JsonObject interaction)
    {
        var pooled = EffectPooling.Pool(effects);
        var rows = new JsonArray([.. effects.Select(e => (JsonNode)new JsonObject
        {
            ["stratum"] = e.Stratum, ["n"] = e.Subjects, ["events"] = e.Events, ["coef"] = Json.Number(e.Estimate), ["se"] = Json.Number(e.StandardError), ["or"] = Json.Number(Math.Exp(e.Estimate)),
            ["lo"] = Json.Number(Math.Exp(e.Estimate - (Wald.Z95 * e.StandardError))), ["hi"] = Json.Number(Math.Exp(e.Estimate + (Wald.Z95 * e.StandardError))), ["reason"] = e.Reason,
        })]);
        var json = new JsonObject { ["term"] = name, ["factor"] = factor, ["effects"] = rows };
        if (pooled is not null)
        {
            json["pooled"] = new JsonObject
            {
                ["strata"] = pooled.Strata, ["coef"] = Json.Number(pooled.Common), ["se"] = Json.Number(pooled.CommonError), ["or"] = Json.Number(Math.Exp(pooled.Common)),
                ["lo"] = Json.Number(Math.Exp(pooled.Common - (Wald.Z95 * pooled.CommonError))), ["hi"] = Json.Number(Math.Exp(pooled.Common + (Wald.Z95 * pooled.CommonError))),
                ["q"] = Json.Number(pooled.Q), ["q_p"] = Json.Number(pooled.QP), ["i2"] = Json.Number(pooled.I2), ["tau2_dl"] = Json.Number(pooled.TauSquaredDl), ["tau2_reml"] = Json.Number(pooled.TauSquaredReml),
                ["random_coef"] = Json.Number(pooled.Random), ["random_se"] = Json.Number(pooled.RandomError), ["random_or"] = Json.Number(Math.Exp(pooled.Random)),
                ["random_lo"] = Json.Number(Math.Exp(pooled.Random - (Wald.Z95 * pooled.RandomError))), ["random_hi"] = Json.Number(Math.Exp(pooled.Random + (Wald.Z95 * pooled.RandomError))),
            };
        }
        json["interaction"] = interaction.DeepClone();
        json["verdict"] = EffectPooling.Judge(pooled) switch { EffectVerdict.Homogeneous => "homogeneous", EffectVerdict.Heterogeneous => "heterogeneous", _ => "not estimable" };
        return json;
    }
}
