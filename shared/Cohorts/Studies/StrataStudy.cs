using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>The same factors in every stratum: pooled and per-stratum effects, heterogeneity, interaction tests and a verdict for each.</summary>
internal static class StrataStudy
{
    public static void Write(Cohort cohort, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
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

        var effects = design.Names.Select(_ => new List<StratumEffect>()).ToArray();
        var summary = new JsonArray();
        for (var g = 0; g < groups.Levels.Length; g++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((double)g / (groups.Levels.Length + 1));
            int[] rows = [.. Enumerable.Range(0, y.Length).Where(i => groups.Codes[i] == g)];
            var events = (int)rows.Sum(i => y[i]);
            summary.Add((JsonNode)new JsonObject { ["stratum"] = groups.Levels[g], ["n"] = rows.Length, ["events"] = events });
            FitStratum(design, y, rows, groups.Levels[g], events, effects, cancellation);
        }
        json["cohort"] = new JsonObject { ["n"] = y.Length, ["events"] = (int)y.Sum(), ["rows"] = cohort.Table.Rows, ["dropped_missing"] = design.Dropped };
        var list = new JsonArray();
        foreach (var term in design.Terms)
        {
            var interaction = Interaction(design, term, y, groups, cancellation);
            foreach (var c in term.Columns) { list.Add((JsonNode)Factor(design.Names[c], term.Name, effects[c], interaction)); }
        }
        json["strata"] = new JsonObject { ["column"] = name, ["levels"] = summary, ["factors"] = list };
        Prognosis(cohort, groups, design, json);
        json["warnings"] = new JsonArray();
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

    /// <summary>Likelihood-ratio test of the term's products with the strata, in the pooled model with strata as main effects.</summary>
    private static JsonObject Interaction(StudyMatrix design, DesignTerm term, double[] y, CategoricalColumn groups, CancellationToken cancellation)
    {
        var columns = new List<double[]>(design.Columns);
        var names = new List<string>(design.Names);
        for (var g = 1; g < groups.Levels.Length; g++)
        {
            columns.Add([.. groups.Codes.Select(code => code == g ? 1.0 : 0)]);
            names.Add(groups.Name + groups.Levels[g]);
        }
        try
        {
            var plain = LogisticModel.Fit(columns, names, y, cancellation: cancellation);
            for (var g = 1; g < groups.Levels.Length; g++)
            {
                foreach (var c in term.Columns)
                {
                    columns.Add([.. groups.Codes.Select((code, i) => code == g ? design.Columns[c][i] : 0)]);
                    names.Add($"{design.Names[c]}:{groups.Name}{groups.Levels[g]}");
                }
            }
            var crossed = LogisticModel.Fit(columns, names, y, cancellation: cancellation);
            var df = (groups.Levels.Length - 1) * term.Columns.Length;
            var chisq = 2 * (crossed.LogLikelihood - plain.LogLikelihood);
            return new JsonObject { ["chisq"] = Json.Number(chisq), ["df"] = df, ["p"] = Json.Number(ChiSquare.UpperTail(chisq, df)) };
        }
        catch (StudyException exception) { return new JsonObject { ["chisq"] = null, ["reason"] = exception.Message }; }
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

    /// <summary>Clusters the strata by survival when follow-up is there: prognostic categories.</summary>
    private static void Prognosis(Cohort cohort, CategoricalColumn groups, StudyMatrix design, JsonObject json)
    {
        if (cohort.Protocol.Time is not { } name || groups.Levels.Length < 3) { return; }
        var times = cohort.Table[name] as NumericColumn ?? throw new StudyException($"The follow-up column {name} does not hold numbers.");
        var status = BinaryOutcome.Of(cohort.Table[cohort.Protocol.Status ?? "status"], null).Values;
        int[] kept = [.. Enumerable.Range(0, design.Rows.Length).Where(i => !double.IsNaN(times.Values[design.Rows[i]]) && !double.IsNaN(status[design.Rows[i]]))];
        double[] time = [.. kept.Select(i => times.Values[design.Rows[i]])];
        var last = time.Max();
        double[] grid = [.. Enumerable.Range(1, 12).Select(k => last * k / 12)];
        var profiles = SurvivalClustering.Profiles(time, [.. kept.Select(i => (int)status[design.Rows[i]])], [.. kept.Select(i => groups.Codes[i])], groups.Levels.Length, grid);
        var merges = SurvivalClustering.Ward(profiles);
        var categories = Math.Min(3, groups.Levels.Length);
        var cut = SurvivalClustering.Cut(merges, profiles, categories);
        json["prognosis"] = new JsonObject
        {
            ["grid"] = Json.Numbers(grid), ["categories"] = categories,
            ["strata"] = new JsonArray([.. groups.Levels.Select((level, g) => (JsonNode)new JsonObject { ["stratum"] = level, ["category"] = cut[g] + 1, ["surv"] = Json.Numbers(profiles[g]) })]),
            ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)new JsonObject { ["left"] = m.Left, ["right"] = m.Right, ["height"] = Json.Number(m.Height) })]),
        };
    }
}
