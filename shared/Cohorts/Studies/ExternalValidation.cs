using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Validation;

namespace BoneMet.Cohorts.Studies;

/// <summary>The fitted model on a cohort that it has not seen: as it is, with a new intercept, and with new intercept and slope.</summary>
internal static class ExternalValidation
{
    private const int Tenths = 10;

    public static void Write(FittedModel model, JsonObject json, LoadedTable second)
    {
        if (second.Sha256 == model.Cohort.Loaded.Sha256) { throw new StudyException("The second cohort is the same file as the first: that would be no external validation."); }
        var table = second.Table;
        if (table.Rows == 0) { throw new StudyException("The second cohort has no row: the file holds a header only."); }
        var outcome = BinaryOutcome.Of(table[model.Cohort.Outcome.Name], model.Cohort.Outcome.Event);
        var linear = StoredModel.Of(json).Predict(table);
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(i => !double.IsNaN(outcome.Values[i]) && !double.IsNaN(linear[i]))];
        if (rows.Length == 0) { throw new StudyException("No row of the second cohort has the outcome and all values that the model needs."); }
        double[] eta = [.. rows.Select(i => linear[i])], y = [.. rows.Select(i => outcome.Values[i])];
        try
        {
            var judged = CrossValidation.Judge("second cohort", eta, y);
            var risk = new Recalibration(0, 1, "as it is").Probabilities(eta);
            var summary = CalibrationSummary.Of(risk, y);
            json["external_validation"] = new JsonObject
            {
                ["data_sha256"] = second.Sha256, ["n"] = y.Length, ["events"] = (int)y.Sum(), ["left_out"] = table.Rows - rows.Length, ["auc"] = Json.Number(judged.C), ["ci_delong"] = Json.Numbers([judged.CLow, judged.C, judged.CHigh]),
                ["calibration_intercept"] = Json.Number(judged.Intercept), ["calibration_intercept_se"] = Json.Number(judged.InterceptStandardError), ["calibration_slope"] = Json.Number(judged.Slope),
                ["calibration_slope_se"] = Json.Number(judged.SlopeStandardError), ["ici"] = Json.Number(summary.Ici), ["e50"] = Json.Number(summary.E50), ["e90"] = Json.Number(summary.E90), ["emax"] = Json.Number(summary.EMax),
                ["brier"] = Json.Number(summary.Brier), ["scaled_brier"] = Json.Number(summary.ScaledBrier), ["mean_predicted"] = Json.Number(risk.Average()), ["observed"] = Json.Number(y.Average()),
                ["groups"] = Groups(risk, y),
                ["recalibration"] = new JsonArray(Update(Recalibration.OfIntercept(eta, y), model, eta, y), Update(Recalibration.OfInterceptAndSlope(eta, y), model, eta, y)),
            };
        }
        catch (StatisticsException exception) { throw new StudyException($"The second cohort cannot judge the model: {exception.Message}"); }
    }

    /// <summary>Tenths of the subjects by risk: mean risk against observed share.</summary>
    private static JsonArray Groups(double[] risk, double[] y)
    {
        int[] order = [.. Enumerable.Range(0, y.Length).OrderBy(i => risk[i])];
        return new([.. Enumerable.Range(0, Tenths).Select(g => order[(g * order.Length / Tenths)..((g + 1) * order.Length / Tenths)]).Where(rows => rows.Length > 0)
            .Select(rows => (JsonNode)new JsonObject { ["n"] = rows.Length, ["observed"] = Json.Number(rows.Sum(i => y[i])), ["expected"] = Json.Number(rows.Sum(i => risk[i])) })]);
    }

    /// <summary>The updated model: its correction, its intercept, and its Brier score there (apparent: the correction was estimated on the same subjects).</summary>
    private static JsonObject Update(Recalibration update, FittedModel model, double[] eta, double[] y) => new()
    {
        ["method"] = update.Kind, ["intercept"] = Json.Number(update.Intercept), ["slope"] = Json.Number(update.Slope),
        ["updated_intercept"] = Json.Number(update.Intercept + (update.Slope * model.Fit.Coefficients[0])), ["brier"] = Json.Number(BrierScore.Of(update.Probabilities(eta), y)),
    };
}
