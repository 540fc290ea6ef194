using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Tests;

namespace BoneMet.Cohorts.Studies;

/// <summary>Each factor by itself on all subjects that have it: odds ratios, likelihood-ratio p, AUC, and p values corrected for their number.</summary>
internal static class ScreenStudy
{
    public static void Write(Cohort cohort, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
    {
        var rows = new List<JsonObject>();
        var p = new List<double>();
        foreach (var (spec, done) in cohort.Factors.Where(f => f.Columns.Length == 1).Select((spec, i) => (spec, i)))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((double)done / cohort.Factors.Count);
            var (row, value) = Factor(cohort, spec);
            rows.Add(row);
            p.Add(value);
        }
        int[] tested = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i]))];
        if (tested.Length == 0) { throw new StudyException($"No factor can be screened; {rows[0]["reason"]}"); }
        double[] values = [.. tested.Select(i => p[i])];
        var holm = Multiplicity.Holm(values);
        var bh = Multiplicity.BenjaminiHochberg(values);
        for (var k = 0; k < tested.Length; k++)
        {
            rows[tested[k]]["p_holm"] = Json.Number(holm[k]);
            rows[tested[k]]["p_bh"] = Json.Number(bh[k]);
        }
        json["screen"] = new JsonArray([.. rows]);
        json["warnings"] = new JsonArray(new JsonObject { ["code"] = "selection", ["text"] = "Choosing the factors of a model by these p values makes its own p values and intervals too optimistic." });
    }

    /// <summary>One factor by itself, with its likelihood-ratio p; NaN and the reason where it cannot be tested.</summary>
    public static (JsonObject Row, double P) Factor(Cohort cohort, FactorSpec spec)
    {
        var row = new JsonObject { ["factor"] = spec.Text };
        try
        {
            var design = cohort.Design([spec]);
            var y = cohort.OutcomeOf(design);
            row["n"] = y.Length;
            row["events"] = (int)y.Sum();
            row["missing"] = design.Dropped;
            var fit = LogisticModel.Fit(design.Columns, design.Names, y, cohort.Protocol.Firth);
            var chisq = fit.NullDeviance - fit.Deviance;
            var p = ChiSquare.UpperTail(chisq, design.Columns.Count);
            var roc = Roc.Of(fit.LinearPredictor, y);
            var (low, high) = roc.Interval();
            row["coefficients"] = FitStudy.Coefficients(fit, design.Names);
            row["lr_chisq"] = Json.Number(chisq);
            row["lr_df"] = design.Columns.Count;
            row["lr_p"] = Json.Number(p);
            row["auc"] = Json.Number(roc.Area);
            row["auc_ci_delong"] = Json.Numbers([low, roc.Area, high]);
            return (row, p);
        }
        catch (StudyException exception)
        {
            row["reason"] = exception.Message;
            return (row, double.NaN);
        }
    }
}
