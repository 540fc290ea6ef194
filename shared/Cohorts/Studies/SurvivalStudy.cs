using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cohorts.Studies;

/// <summary>Cox regression, Kaplan–Meier curves and log-rank test; with competing events also cumulative incidence and Fine–Gray.</summary>
internal static class SurvivalStudy
{
    private static readonly double[] DefaultTimes = [12, 36, 60];

    public static void Write(Cohort cohort, LoadedTable? second, JsonObject json, CancellationToken cancellation)
    {
        var protocol = cohort.Protocol;
        if (protocol.Time is null) { throw new StudyException("A survival study needs the follow-up column: --time COLUMN."); }
        var times = cohort.Table[protocol.Time] as NumericColumn ?? throw new StudyException($"The follow-up column {protocol.Time} does not hold numbers.");
        for (var row = 0; row < times.Count; row++)
        {
            if (times.Values[row] < 0) { throw new StudyException($"Row {row + 1}: the follow-up {protocol.Time} is {times.Values[row]}; it cannot be negative."); }
        }
        var group = protocol.Strata is null ? null : Levels(cohort.Table[protocol.Strata]);
        var grouped = protocol.Strata is not null && cohort.Factors.Any(f => f.Columns.Contains(protocol.Strata));
        var factors = cohort.Factors.Where(f => !f.Columns.Contains(protocol.Time)).ToArray();
        Column[] required = group is null ? [times] : [times, group];
        var design = cohort.Design(factors, required);
        var kinds = Kinds(cohort, design.Rows);
        double[] time = [.. design.Rows.Select(row => times.Values[row])];
        int[] status = [.. kinds.Select(k => k == 1 ? 1 : 0)];
        var strata = group is null || grouped ? null : design.Rows.Select(row => group.Codes[row]).ToArray();
        var data = new CoxData { Time = time, Status = status, Columns = design.Columns, Names = design.Names, Strata = strata };
        var fit = CoxRegression.Fit(data, protocol.Ties == "breslow" ? TieHandling.Breslow : TieHandling.Efron, cancellation);
        json["cohort"] = new JsonObject { ["n"] = time.Length, ["deaths"] = status.Sum(), ["rows"] = cohort.Table.Rows, ["dropped_missing"] = design.Dropped };
        json["coxph"] = Cox(data, fit, design, protocol.Ties, strata is null ? null : protocol.Strata);

        // Curves and log-rank use every subject whose follow-up, status and group are known, as R's formula does.
        var rows = Enumerable.Range(0, cohort.Table.Rows).Where(row => !double.IsNaN(cohort.Outcome.Values[row]) && !times.IsMissing(row) && group?.IsMissing(row) != true).ToArray();
        double[] allTime = [.. rows.Select(row => times.Values[row])];
        int[] allStatus = [.. Kinds(cohort, rows).Select(k => k == 1 ? 1 : 0)];
        var listed = protocol.Times.Count > 0 ? [.. protocol.Times] : DefaultTimes;
        var table = new JsonArray();
        var curves = new JsonArray();
        var names = group?.Levels ?? ["all"];
        for (var g = 0; g < names.Length; g++)
        {
            int[] inside = [.. Enumerable.Range(0, rows.Length).Where(i => group is null || group.Codes[rows[i]] == g)];
            if (inside.Length == 0) { continue; }
            var curve = KaplanMeier.Fit(inside.Select(i => allTime[i]).ToArray(), inside.Select(i => allStatus[i]).ToArray());
            var name = group is null ? "all" : $"{protocol.Strata}={names[g]}";
            foreach (var at in listed)
            {
                if (at > curve.Time[^1]) { continue; }
                var k = curve.IndexAt(at);
                var next = Array.BinarySearch(curve.Time, at);
                next = next < 0 ? ~next : next;
                table.Add((JsonNode)new JsonObject
                {
                    ["strata"] = name, ["time"] = at, ["surv"] = Json.Number(k < 0 ? 1 : curve.Probability[k]), ["se"] = Json.Number(k < 0 ? 0 : curve.StandardError[k]),
                    ["lower"] = Json.Number(k < 0 ? 1 : curve.Lower[k]), ["upper"] = Json.Number(k < 0 ? 1 : curve.Upper[k]), ["n_risk"] = Json.Number(next < curve.Time.Length ? curve.AtRisk[next] : 0),
                });
            }
            curves.Add((JsonNode)new JsonObject
            {
                ["strata"] = name, ["n"] = inside.Length, ["events"] = inside.Sum(i => allStatus[i]), ["median"] = Json.Number(curve.Median()), ["time"] = Json.Numbers(curve.Time), ["surv"] = Json.Numbers(curve.Probability),
                ["lower"] = Json.Numbers(curve.Lower), ["upper"] = Json.Numbers(curve.Upper),
            });
        }
        json["km"] = table;
        json["km_curves"] = curves;
        if (group is not null)
        {
            var test = LogRank.Test(allTime, allStatus, rows.Select(row => group.Codes[row]).ToArray(), group.Levels.Length);
            json["logrank"] = new JsonObject
            {
                ["chisq"] = Json.Number(test.ChiSquare), ["df"] = test.DegreesOfFreedom, ["p"] = Json.Number(test.P),
                ["groups"] = new JsonArray([.. group.Levels.Select((level, g) => (JsonNode)new JsonObject { ["strata"] = $"{protocol.Strata}={level}", ["n"] = test.Subjects[g], ["observed"] = Json.Number(test.Observed[g]), ["expected"] = Json.Number(test.Expected[g]) })]),
            };
        }
        json["auc_t"] = new JsonArray([.. listed.Select(h => (JsonNode)new JsonObject { ["time"] = h, ["auc"] = Json.Number(TimeDependentAuc.At(time, status, fit.LinearPredictor, h)) })]);
        if (group is not null && (second is not null || protocol.Categories is not null)) { PrognosticCategories.Write(cohort, protocol.Strata!, second, json); }
        else if (second is not null) { throw new StudyException("A survival study is validated on a second cohort by its strata: give the stratum column (--strata)."); }
        if (kinds.Any(k => k > 1)) { Competing(json, data with { Status = kinds, Strata = null }, listed, cancellation); }
        json["warnings"] = new JsonArray();
    }

    private static JsonObject Cox(CoxData data, CoxFit fit, StudyMatrix design, string ties, string? strata)
    {
        var p = fit.Coefficients.Length;
        var rows = new JsonArray();
        for (var j = 0; j < p; j++)
        {
            double coef = fit.Coefficients[j], se = fit.StandardErrors[j];
            rows.Add((JsonNode)new JsonObject
            {
                ["term"] = design.Names[j], ["coef"] = Json.Number(coef), ["se"] = Json.Number(se), ["stat"] = Json.Number(coef / se), ["p"] = Json.Number(Normal.TwoSided(coef / se)),
                ["hr"] = Json.Number(Math.Exp(coef)), ["lo"] = Json.Number(Math.Exp(coef - (Wald.Z95 * se))), ["hi"] = Json.Number(Math.Exp(coef + (Wald.Z95 * se))),
            });
        }
        var proportional = ProportionalHazards.Test(data, fit, [.. design.Terms.Select(t => (t.Name, t.Columns))]);
        var baseline = BaselineHazard.Of(data, fit, atMeans: false);
        var centred = BaselineHazard.Of(data, fit);
        return new JsonObject
        {
            ["coefficients"] = rows, ["loglik"] = Json.Numbers([fit.NullLogLikelihood, fit.LogLikelihood]), ["concordance"] = Json.Numbers([fit.Concordance.Value, fit.Concordance.StandardError]),
            ["ties"] = ties, ["strata"] = strata, ["iterations"] = fit.Iterations, ["n"] = fit.Subjects, ["events"] = fit.Events,
            ["lr_test"] = Test(fit.LikelihoodRatioTest, p), ["wald_test"] = Test(fit.WaldTest, p), ["score_test"] = Test(fit.ScoreTest, p), ["vcov"] = Json.Matrix(fit.Covariance, p),
            ["zph"] = new JsonArray([.. proportional.Select(t => (JsonNode)new JsonObject { ["term"] = t.Term, ["chisq"] = Json.Number(t.ChiSquare), ["df"] = t.DegreesOfFreedom, ["p"] = Json.Number(t.P) })]),
            ["basehaz_last"] = Last(baseline), ["basehaz_centred_last"] = Last(centred),
        };
    }

    /// <summary>Last time and cumulated hazard: two numbers, or such a pair for each stratum.</summary>
    private static JsonArray Last(IReadOnlyList<BaselineHazard> hazards) => hazards is [var one]
        ? Json.Numbers([one.Time[^1], one.Hazard[^1]])
        : new JsonArray([.. hazards.Select(b => (JsonNode)Json.Numbers([b.Time[^1], b.Hazard[^1]]))]);

    private static JsonObject Test(double chisq, int df) => new() { ["chisq"] = Json.Number(chisq), ["df"] = df, ["p"] = Json.Number(ChiSquare.UpperTail(chisq, df)) };

    private static void Competing(JsonObject json, CoxData data, double[] listed, CancellationToken cancellation)
    {
        var curve = CumulativeIncidence.Fit(data.Time, data.Status, 1);
        json["cumulative_incidence"] = new JsonArray([.. listed.Where(t => t <= curve.Time[^1]).Select(t => curve.IndexAt(t) is var k && k < 0
            ? (JsonNode)new JsonObject { ["time"] = t, ["prob"] = 0, ["se"] = 0 }
            : new JsonObject { ["time"] = t, ["prob"] = Json.Number(curve.Probability[k]), ["se"] = Json.Number(curve.StandardError[k]), ["lower"] = Json.Number(curve.Lower[k]), ["upper"] = Json.Number(curve.Upper[k]) })]);
        var fit = FineGray.Fit(data, 1, cancellation);
        json["finegray"] = new JsonObject
        {
            ["coefficients"] = new JsonArray([.. data.Names.Select((name, j) => (JsonNode)new JsonObject
            {
                ["term"] = name, ["coef"] = Json.Number(fit.Coefficients[j]), ["se"] = Json.Number(fit.StandardErrors[j]), ["p"] = Json.Number(Normal.TwoSided(fit.Coefficients[j] / fit.StandardErrors[j])), ["shr"] = Json.Number(Math.Exp(fit.Coefficients[j])),
                ["lo"] = Json.Number(Math.Exp(fit.Coefficients[j] - (Wald.Z95 * fit.StandardErrors[j]))), ["hi"] = Json.Number(Math.Exp(fit.Coefficients[j] + (Wald.Z95 * fit.StandardErrors[j]))),
            })]),
            ["loglik"] = Json.Numbers([fit.NullLogLikelihood, fit.LogLikelihood]), ["events"] = fit.Events, ["competing"] = fit.CompetingEvents,
            ["se_method"] = "censoring weights taken as known, as survival::finegray with coxph; cmprsk::crr adds their variance and differs by some per cent",
        };
    }

    /// <summary>1 the event, 0 censored, 2 another event (only when the event is named and the column has more values than 0 and it).</summary>
    private static int[] Kinds(Cohort cohort, int[] rows)
    {
        var column = cohort.Table[cohort.Outcome.Name];
        var other = column is NumericColumn number && cohort.Protocol.Event is not null && cohort.Outcome.Other == "other" ? number.Values : null;
        return [.. rows.Select(row => cohort.Outcome.Values[row] > 0 ? 1 : other is not null && other[row] != 0 ? 2 : 0)];
    }

    private static CategoricalColumn Levels(Column column) => column switch
    {
        CategoricalColumn factor => factor.DropUnusedLevels(),
        NumericColumn number => number.ToCategorical(),
        _ => throw new StudyException($"The stratum column {column.Name} holds dates."),
    };
}
