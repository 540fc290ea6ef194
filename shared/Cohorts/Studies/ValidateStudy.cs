using System.Text.Json.Nodes;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Heterogeneity;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Validation;

namespace BoneMet.Cohorts.Studies;

/// <summary>Harrell's bootstrap of indexes and calibration curve, tenfold cross-validation, leave-one-site-out.</summary>
internal static class ValidateStudy
{
    private const int Folds = 10;

    public static void Write(FittedModel model, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
    {
        var protocol = model.Cohort.Protocol;
        if (protocol.Firth) { throw new StudyException("Firth's fit is not validated by the bootstrap here; fit without --firth."); }
        var b = protocol.Bootstrap;
        if (b > 0)
        {
            var options = new ResamplingOptions { Replicates = b, Seed = unchecked((ulong)protocol.Seed), Progress = progress is null ? null : new ProgressPart(progress, 0, 0.5), Cancellation = cancellation };
            var validation = Bootstrap.Validate(model.Fit, options);
            json["validate"] = new JsonObject
            {
                ["B"] = b, ["table"] = Table(validation), ["c_apparent"] = Json.Number(validation.ApparentC), ["c_corrected"] = Json.Number(validation.CorrectedC), ["failed"] = validation.Failed,
            };
            var calibration = Bootstrap.Calibrate(model.Fit, options with { Progress = progress is null ? null : new ProgressPart(progress, 0.5, 1) });
            json["calibrate"] = new JsonObject
            {
                ["B"] = b, ["failed"] = calibration.Failed, ["mean_abs_error_corrected"] = Json.Number(calibration.MeanAbsoluteError),
                ["curve"] = new JsonArray([.. calibration.Curve.Select(p => (JsonNode)new JsonObject { ["predy"] = Json.Number(p.Predicted), ["calibrated.orig"] = Json.Number(p.Apparent), ["calibrated.corrected"] = Json.Number(p.Corrected) })]),
            };
        }
        if (model.Outcome.Length >= 10 * Folds && Math.Min(model.Events, model.Outcome.Length - model.Events) >= 2 * Folds)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var (result, _) = CrossValidation.KFold(model.Fit, Folds, unchecked((ulong)protocol.Seed));
                json["cross_validation"] = new JsonObject { ["folds"] = Folds, ["table"] = Table(result), ["c_corrected"] = Json.Number(result.CorrectedC) };
            }
            catch (StatisticsException exception) { json["cross_validation"] = new JsonObject { ["folds"] = Folds, ["reason"] = exception.Message }; }
        }
        if (protocol.Site is { } site)
        {
            var sites = Sites(model, site);
            json["leave_one_site_out"] = new JsonArray([.. sites.Select(Site)]);
            json["leave_one_site_out_pooled"] = new JsonObject
            {
                ["c"] = Pooled(sites, s => (s.C, s.CStandardError)), ["calibration_intercept"] = Pooled(sites, s => (s.Intercept, s.InterceptStandardError)), ["calibration_slope"] = Pooled(sites, s => (s.Slope, s.SlopeStandardError)),
            };
        }
    }

    private static JsonArray Table(ValidationResult result) => new([.. result.Rows.Select(row => (JsonNode)new JsonObject
    {
        ["index"] = row.Index, ["index.orig"] = Json.Number(row.Original), ["training"] = Json.Number(row.Training), ["test"] = Json.Number(row.Test), ["optimism"] = Json.Number(row.Optimism),
        ["index.corrected"] = Json.Number(row.Corrected), ["n"] = row.Resamples,
    })]);

    private static IReadOnlyList<SitePerformance> Sites(FittedModel model, string site)
    {
        string[] names = model.Cohort.Table[site].Select(model.Design.Rows) switch
        {
            CategoricalColumn factor => [.. factor.Codes.Select(code => code < 0 ? "(missing)" : factor.Levels[code])],
            NumericColumn number => [.. number.Values.Select(value => double.IsNaN(value) ? "(missing)" : value.ToString("G15"))],
            var other => throw new StudyException($"The site column {other.Name} holds dates."),
        };
        if (names.Distinct(StringComparer.Ordinal).Count() < 2) { throw new StudyException($"The site column {site} has one value only."); }
        return CrossValidation.LeaveOneSiteOut(model.Fit.Design, model.Outcome, names);
    }

    private static JsonNode Site(SitePerformance s) => new JsonObject
    {
        ["site"] = s.Site, ["n"] = s.Rows, ["events"] = s.Events, ["c"] = Json.Number(s.C), ["c_se"] = Json.Number(s.CStandardError), ["c_lo"] = Json.Number(s.CLow), ["c_hi"] = Json.Number(s.CHigh),
        ["calibration_intercept"] = Json.Number(s.Intercept), ["calibration_intercept_se"] = Json.Number(s.InterceptStandardError), ["calibration_slope"] = Json.Number(s.Slope),
        ["calibration_slope_se"] = Json.Number(s.SlopeStandardError), ["brier"] = Json.Number(s.Brier), ["problem"] = s.Problem,
    };

    /// <summary>A measure over the sites with random effects, and the interval in which that of a new site is expected (Higgins, Thompson and Spiegelhalter 2009).</summary>
    private static JsonObject? Pooled(IReadOnlyList<SitePerformance> sites, Func<SitePerformance, (double Value, double Error)> measure)
    {
        var pooled = EffectPooling.Pool([.. sites.Select(s => (Site: s, Measured: measure(s))).Where(s => double.IsFinite(s.Measured.Value) && s.Measured.Error > 0)
            .Select(s => new StratumEffect(s.Site.Site, s.Measured.Value, s.Measured.Error, s.Site.Rows, s.Site.Events))]);
        if (pooled is null) { return null; }
        var half = Wald.Z95 * pooled.RandomError;
        var spread = pooled.Strata > 2 ? StudentT.Quantile(0.975, pooled.Strata - 2) * Math.Sqrt(pooled.TauSquaredReml + (pooled.RandomError * pooled.RandomError)) : double.NaN;
        return new JsonObject
        {
            ["sites"] = pooled.Strata, ["value"] = Json.Number(pooled.Random), ["se"] = Json.Number(pooled.RandomError), ["lo"] = Json.Number(pooled.Random - half), ["hi"] = Json.Number(pooled.Random + half), ["i2"] = Json.Number(pooled.I2),
            ["tau2_reml"] = Json.Number(pooled.TauSquaredReml), ["prediction_lo"] = Json.Number(pooled.Random - spread), ["prediction_hi"] = Json.Number(pooled.Random + spread),
        };
    }
}
