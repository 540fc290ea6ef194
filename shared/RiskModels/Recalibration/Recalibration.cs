using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Distributions;

namespace BoneMet.RiskModels;

/// <summary>Fits a logistic model to a site's outcomes: logit p = a + b·(linear predictor), b = 1 for intercept only (Cox 1958; Steyerberg, Clinical Prediction Models, 20).</summary>
public static class Recalibration
{
    /// <summary>Lineage of a version whose intercept was fitted to a site's outcomes.</summary>
    public const string InterceptMethod = "intercept-recalibration";

    /// <summary>Lineage of a version whose intercept and slope were fitted to a site's outcomes.</summary>
    public const string SlopeMethod = "intercept-and-slope-recalibration";

    private const int MostSteps = 100;
    private const int LeastEvents = 10;
    private const int Folds = 10;
    private const double LeastSpread = 1e-9;

    /// <summary>The recalibrated model as a new version, with its lineage.</summary>
    /// <param name="model">A logistic model; without an intercept, the linear predictor is the log odds ratio and the site's outcomes give the intercept.</param>
    /// <param name="linearPredictors">The model's linear predictor (without intercept: Σ βx) of each patient.</param>
    /// <param name="outcomes">Who had the event.</param>
    /// <param name="fitSlope">True: intercept and slope.</param>
    /// <param name="site">Named in lineage and version.</param>
    /// <param name="dataSha256">SHA-256 of the data.</param>
    /// <exception cref="InvalidDataException">Too few events or patients without the event, or a linear predictor without spread.</exception>
    public static RecalibrationResult Fit(CompiledModel model, IReadOnlyList<double> linearPredictors, IReadOnlyList<bool> outcomes, bool fitSlope, string site, string dataSha256)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(linearPredictors);
        ArgumentNullException.ThrowIfNull(outcomes);
        if (model.Model.Family != ModelFamily.Logistic) { throw new InvalidDataException($"{model.Model.Id} is of family {model.Model.Family}; only logistic models are recalibrated."); }
        if (linearPredictors.Count != outcomes.Count) { throw new ArgumentException("One outcome per linear predictor is needed.", nameof(outcomes)); }
        var events = outcomes.Count(o => o);
        if (events < LeastEvents || outcomes.Count - events < LeastEvents)
        {
            throw new InvalidDataException($"{events} of {outcomes.Count} patients had the event; at least {LeastEvents} with and {LeastEvents} without it are needed.");
        }
        if (fitSlope && linearPredictors.Max() - linearPredictors.Min() < LeastSpread) { throw new InvalidDataException("All patients have the same linear predictor: no slope can be fitted."); }

        var fit = Solve(linearPredictors, outcomes, fitSlope);
        return Result(model, linearPredictors, outcomes, fitSlope, site, dataSha256, events, fit.A, fit.B, fit.Information);
    }

    /// <summary>Intercept and slope by Newton's method, with the information matrix at the end.</summary>
    private static (double A, double B, (double H00, double H01, double H11) Information) Solve(IReadOnlyList<double> linearPredictors, IReadOnlyList<bool> outcomes, bool fitSlope)
    {
        var a = 0.0;
        var b = 1.0;
        double h00 = 0, h01 = 0, h11 = 0;
        for (var step = 0; step < MostSteps; step++)
        {
            double g0 = 0, g1 = 0;
            h00 = h01 = h11 = 0;
            for (var i = 0; i < outcomes.Count; i++)
            {
                var lp = linearPredictors[i];
                var p = PredictionDraft.Logistic(a + (b * lp));
                var w = p * (1 - p);
                var residual = (outcomes[i] ? 1 : 0) - p;
                g0 += residual;
                g1 += residual * lp;
                h00 += w;
                h01 += w * lp;
                h11 += w * lp * lp;
            }
            double da, db;
            if (fitSlope)
            {
                var determinant = (h00 * h11) - (h01 * h01);
                da = ((h11 * g0) - (h01 * g1)) / determinant;
                db = ((h00 * g1) - (h01 * g0)) / determinant;
            }
            else { (da, db) = (g0 / h00, 0); }
            var most = Math.Max(Math.Abs(da), Math.Abs(db));
            if (!double.IsFinite(most)) { throw new InvalidDataException("The fit does not converge: the linear predictor separates the outcomes."); }
            var damp = most > 4 ? 4 / most : 1;
            a += da * damp;
            b += db * damp;
            if (most < 1e-12) { break; }
            if (step == MostSteps - 1) { throw new InvalidDataException("The fit does not converge: the linear predictor separates the outcomes."); }
        }
        return (a, b, (h00, h01, h11));
    }

    private static RecalibrationResult Result(CompiledModel model, IReadOnlyList<double> lps, IReadOnlyList<bool> outcomes, bool fitSlope, string site, string dataSha256, int events, double a, double b, (double H00, double H01, double H11) h)
    {
        double before = 0, after = 0, meanBefore = 0, meanAfter = 0;
        for (var i = 0; i < outcomes.Count; i++)
        {
            var y = outcomes[i] ? 1.0 : 0;
            var p = PredictionDraft.Logistic(lps[i]);
            var q = PredictionDraft.Logistic(a + (b * lps[i]));
            before += (y - p) * (y - p);
            after += (y - q) * (y - q);
            meanBefore += p;
            meanAfter += q;
        }
        var n = outcomes.Count;
        var source = model.Model;
        var had = source.Intercept?.Value;
        var determinant = (h.H00 * h.H11) - (h.H01 * h.H01);
        var shiftError = Math.Sqrt(fitSlope ? h.H11 / determinant : 1 / h.H00);
        var recalibrated = source with
        {
            Version = $"{source.Version.Split('+', '-')[0]}+{Slug(site)}.{dataSha256[..Math.Min(8, dataSha256.Length)]}",
            Intercept = new()
            {
                Origin = ModelIntercept.Recalibrated,
                Value = a + (b * (had ?? 0)),
                StandardError = shiftError,
                Note = FormattableString.Invariant($"Fitted to {n} patients of {site}, {events} with the event: logit p = {a:R} + {b:R} · (linear predictor of {source.Id} {source.Version})."),
            },
            Terms = [.. source.Terms.Select(term => Scaled(term, b))],
            Covariance = null,
            Performance = Validation(lps, outcomes, fitSlope, had is null ? null : before / n),
            Cohort = source.Cohort with { Enriched = false, Note = $"{source.Cohort.Note} Recalibrated on {n} patients of {site}, {events} with the event.".Trim() },
            Signature = null,
            Lineage = new()
            {
                Method = fitSlope ? SlopeMethod : InterceptMethod,
                ParentSha256 = model.Sha256,
                DataSha256 = dataSha256,
                Site = site,
                Tool = "BoneMet.RiskModels.Recalibration",
            },
        };
        return new()
        {
            Model = recalibrated,
            Patients = n,
            Events = events,
            Shift = a,
            ShiftStandardError = shiftError,
            Slope = b,
            SlopeStandardError = fitSlope ? Math.Sqrt(h.H00 / determinant) : null,
            BrierBefore = had is null ? null : before / n,
            BrierAfter = after / n,
            MeanBefore = had is null ? null : meanBefore / n,
            MeanAfter = meanAfter / n,
        };
    }

    /// <summary>How the parent did on the site's patients, and how the new version does on patients it was not fitted to (ten-fold cross-validation, folds by order within outcome).</summary>
    private static List<ModelMeasure> Validation(IReadOnlyList<double> lps, IReadOnlyList<bool> outcomes, bool fitSlope, double? parentBrier)
    {
        var n = outcomes.Count;
        double[] scores = [.. lps];
        double[] events = [.. outcomes.Select(outcome => outcome ? 1.0 : 0)];
        var roc = Roc.Of(scores, events);
        var half = Normal.Quantile(0.975) * Math.Sqrt(roc.Variance);
        var measures = new List<ModelMeasure> { Measure("auc", roc.Area, "external") with { Low = Math.Max(0, roc.Area - half), High = Math.Min(1, roc.Area + half) } };
        if (parentBrier is { } brier)
        {
            measures.Add(Measure("parent-brier", brier, "external"));
            measures.Add(Measure("parent-calibration-intercept", Solve(lps, outcomes, fitSlope: false).A, "external"));
            if (lps.Max() - lps.Min() >= LeastSpread) { measures.Add(Measure("parent-calibration-slope", Solve(lps, outcomes, fitSlope: true).B, "external")); }
        }
        measures.Add(Measure("brier", CrossValidated(lps, outcomes, fitSlope), "cross-validation"));
        return measures;

        ModelMeasure Measure(string name, double value, string set) => new() { Name = name, Value = value, Set = set, Patients = n };
    }

    private static double CrossValidated(IReadOnlyList<double> lps, IReadOnlyList<bool> outcomes, bool fitSlope)
    {
        var fold = new int[outcomes.Count];
        var (with, without) = (0, 0);
        for (var i = 0; i < fold.Length; i++) { fold[i] = (outcomes[i] ? with++ : without++) % Folds; }
        var sum = 0.0;
        for (var left = 0; left < Folds; left++)
        {
            var kept = Enumerable.Range(0, fold.Length).Where(i => fold[i] != left).ToList();
            var (a, b, _) = Solve([.. kept.Select(i => lps[i])], [.. kept.Select(i => outcomes[i])], fitSlope);
            for (var i = 0; i < fold.Length; i++)
            {
                if (fold[i] != left) { continue; }
                var error = (outcomes[i] ? 1.0 : 0) - PredictionDraft.Logistic(a + (b * lps[i]));
                sum += error * error;
            }
        }
        return sum / fold.Length;
    }

    private static ModelTerm Scaled(ModelTerm term, double b) => b == 1 ? term : term switch
    {
        CategoricalTerm t => t with { Levels = [.. t.Levels.Select(l => l with { Coefficient = Scaled(l.Coefficient, b) })] },
        ConditionalTerm t => t with { Levels = [.. t.Levels.Select(l => l with { Coefficient = Scaled(l.Coefficient, b) })] },
        BinnedTerm t => t with { Bins = [.. t.Bins.Select(l => l with { Coefficient = Scaled(l.Coefficient, b) })] },
        LinearTerm t => t with { Coefficient = Scaled(t.Coefficient, b) },
        SplineTerm t => t with { Coefficients = [.. t.Coefficients.Select(c => Scaled(c, b))], Monotone = null },
        InteractionTerm t => t with { Products = [.. t.Products.Select(p => p with { Coefficient = Scaled(p.Coefficient, b) })] },
        LabelTerm t => t with { Coefficient = Scaled(t.Coefficient, b) },
        _ => term,
    };

    private static Coefficient Scaled(Coefficient coefficient, double b) => new() { Beta = coefficient.Beta * b, StandardError = coefficient.StandardError is { } se ? se * Math.Abs(b) : null };

    private static string Slug(string site) => new string([.. site.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]) is { Length: > 0 } slug ? slug : "site";
}
