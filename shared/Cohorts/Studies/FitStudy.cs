using System.Globalization;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Statistics;
using BoneMet.Statistics.Calibration;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Distributions;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.SampleSize;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Validation;

namespace BoneMet.Cohorts.Studies;

/// <summary>Multivariable logistic model with its discrimination and calibration on the same data.</summary>
internal static class FitStudy
{
    private const double RmsBins = 5000;
    private static readonly double[] Thresholds = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

    public static FittedModel Fit(Cohort cohort, CancellationToken cancellation)
    {
        var design = cohort.Design();
        var y = cohort.OutcomeOf(design);
        var fit = LogisticModel.Fit(design.Columns, design.Names, y, cohort.Protocol.Firth, cancellation: cancellation);
        var model = new FittedModel
        {
            Cohort = cohort, Design = design, Outcome = y, Fit = fit, Roc = Roc.Of(fit.Probabilities, y), Brier = fit.Brier, HosmerLemeshow = Deciles(fit),
        };
        return model with { Warnings = Guards(model) };
    }

    /// <summary>Groups between deciles of risk, as the R reference; where too many risks are equal for that, groups of equal size.</summary>
    private static HosmerLemeshow Deciles(LogisticFit fit)
    {
        var sorted = fit.Probabilities.Order().ToArray();
        var breaks = Enumerable.Range(0, 11).Select(k => SplineBasis.Quantile(sorted, k / 10.0)).ToArray();
        var tied = breaks.Zip(breaks.Skip(1)).Any(pair => pair.First >= pair.Second);
        return HosmerLemeshow.Of(fit.Probabilities, fit.Outcome, grouping: tied ? HosmerLemeshowGrouping.Ranks : HosmerLemeshowGrouping.Quantiles);
    }

    public static void Write(FittedModel model, JsonObject json, CancellationToken cancellation)
    {
        json["cohort"] = CohortJson(model);
        json["glm_univariable"] = Univariable(model, cancellation);
        json["glm"] = Glm(model);
        if (DefaultStop(model, cancellation) is { } stopped) { json["glm"]!["r_default"] = stopped; }
        if (model.Cohort.Protocol.Site is { } site) { json["glm"]!["robust"] = Robust(model, site); }
        json["model"] = StoredModel.Describe(model);
        json["lrm"] = Lrm(model);
        json["val_prob"] = ValProb(model);
        json["decision_curve"] = new JsonArray([.. DecisionCurve.Of(model.Fit.Probabilities, model.Outcome, Thresholds).Select(d => (JsonNode)new JsonObject
        {
            ["threshold"] = d.Threshold, ["net_benefit"] = Json.Number(d.NetBenefit), ["lo"] = Json.Number(d.Low), ["hi"] = Json.Number(d.High), ["all"] = Json.Number(d.TreatAll),
        })]);
        json["roc"] = RocJson(model, cancellation);
        if (PenalisedPath.Asked(model.Cohort.Protocol)) { json["glmnet"] = PenalisedPath.Of(model, cancellation); }
        json["brier"] = model.Brier;
        json["hosmer_lemeshow"] = new JsonObject
        {
            ["chisq"] = Json.Number(model.HosmerLemeshow.ChiSquare), ["df"] = model.HosmerLemeshow.DegreesOfFreedom, ["p"] = Json.Number(model.HosmerLemeshow.P),
            ["observed"] = Json.Numbers(model.HosmerLemeshow.Observed), ["expected"] = Json.Numbers(model.HosmerLemeshow.Expected), ["n"] = Json.Integers(model.HosmerLemeshow.Count),
        };
        json["warnings"] = new JsonArray([.. model.Warnings.Select(w => (JsonNode)new JsonObject { ["code"] = w.Code, ["text"] = w.Text })]);
    }

    public static JsonObject CohortJson(FittedModel model)
    {
        var levels = new JsonObject();
        var reference = new JsonObject();
        var means = new JsonObject();
        var deviations = new JsonObject();
        foreach (var term in model.Design.Terms)
        {
            if (term.Kind == TermKind.Categorical)
            {
                levels[term.Name] = Json.Texts(term.Levels);
                reference[term.Name] = term.Levels[0];
            }
            else if (term.Values.Length > 0)
            {
                var mean = term.Values.Average();
                means[term.Name] = mean;
                deviations[term.Name] = Json.Number(Math.Sqrt(term.Values.Sum(v => (v - mean) * (v - mean)) / (term.Values.Length - 1)));
            }
        }
        return new JsonObject
        {
            ["n"] = model.Outcome.Length, ["events"] = model.Events, ["rows"] = model.Cohort.Table.Rows, ["dropped_missing"] = model.Design.Dropped,
            ["outcome_missing"] = model.Cohort.Outcome.Values.Count(double.IsNaN), ["levels"] = levels, ["reference"] = reference, ["means"] = means, ["sds"] = deviations,
        };
    }

    public static JsonArray Coefficients(LogisticFit fit, IReadOnlyList<string> names)
    {
        var rows = new JsonArray();
        for (var j = 0; j < fit.Coefficients.Length; j++)
        {
            double coef = fit.Coefficients[j], se = fit.StandardErrors[j];
            rows.Add((JsonNode)new JsonObject
            {
                ["term"] = j == 0 ? "(Intercept)" : names[j - 1], ["coef"] = Json.Number(coef), ["se"] = Json.Number(se), ["stat"] = Json.Number(coef / se), ["p"] = Json.Number(Normal.TwoSided(coef / se)),
                ["or"] = Json.Number(Math.Exp(coef)), ["lo"] = Json.Number(Math.Exp(coef - (Wald.Z95 * se))), ["hi"] = Json.Number(Math.Exp(coef + (Wald.Z95 * se))),
            });
        }
        return rows;
    }

    private static JsonObject Glm(FittedModel model)
    {
        var fit = model.Fit;
        var p = fit.Coefficients.Length;
        return new JsonObject
        {
            ["coefficients"] = Coefficients(fit, model.Design.Names), ["deviance"] = Json.Number(fit.Deviance), ["null_deviance"] = Json.Number(fit.NullDeviance),
            ["aic"] = Json.Number(fit.Deviance + (2 * p)), ["bic"] = Json.Number(fit.Deviance + (p * Math.Log(model.Outcome.Length))), ["loglik"] = Json.Number(fit.LogLikelihood),
            ["iterations"] = fit.Iterations, ["vcov"] = Json.Matrix(fit.Covariance, p),
        };
    }

    /// <summary>What R's <c>glm</c> prints with its default epsilon: stopped earlier, the covariance that of the step before. Null where that stop is not defined or not reached.</summary>
    private static JsonObject? DefaultStop(FittedModel model, CancellationToken cancellation)
    {
        if (model.Cohort.Protocol.Firth || LogisticModel.TryStopAsGlm(model.Design.Columns, model.Design.Names, model.Outcome, cancellation) is not { } fit) { return null; }
        return new JsonObject
        {
            ["epsilon"] = LogisticModel.GlmEpsilon, ["iterations"] = fit.Iterations, ["coefficients"] = Coefficients(fit, model.Design.Names), ["vcov"] = Json.Matrix(fit.Covariance, fit.Coefficients.Length),
        };
    }

    /// <summary>Coefficients under the names of <c>rms</c> (<c>sex=Male</c>), its statistics and variance inflation.</summary>
    private static JsonObject Lrm(FittedModel model)
    {
        var fit = model.Fit;
        string[] names = ["Intercept", .. RmsNames(model.Design)];
        var coefficients = new JsonObject(names.Select((name, j) => KeyValuePair.Create(name, Json.Number(fit.Coefficients[j]))));
        var inflation = new JsonObject(fit.VarianceInflation().Select((v, j) => KeyValuePair.Create(names[j + 1], Json.Number(v.Vif))));
        return new JsonObject
        {
            ["coef"] = coefficients,
            ["stats"] = Statistics(model),
            ["vif"] = inflation,
        };
    }

    /// <summary>Risks in bins of 0.0002, as <c>lrm</c> ranks them; the exact area stands under <c>roc</c>.</summary>
    private static Roc Binned(FittedModel model) => Roc.Of([.. model.Fit.Probabilities.Select(p => Math.Floor(p * RmsBins))], model.Outcome);

    /// <summary>The statistics of <c>lrm</c>; its R² measures carry n, the effective size 3np(1 − p) and the parameters they are adjusted for in their names.</summary>
    private static JsonObject Statistics(FittedModel model)
    {
        var test = model.Fit.ModelTest;
        var ranked = Binned(model);
        double n = model.Outcome.Length, area = ranked.Area, share = model.Events / n, effective = 3 * n * share * (1 - share);
        double pairs = (double)model.Events * (n - model.Events), net = ((2 * area) - 1) * pairs;
        var indexes = ModelIndexes.Training(model.Fit.LinearPredictor, model.Outcome);
        JsonNode? R2(double chisq, double size) => Json.Number(1 - Math.Exp(-Math.Max(0, chisq) / size));
        string df = $"{test.DegreesOfFreedom}", size = Math.Round(effective, 1).ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["Obs"] = model.Outcome.Length, ["Model L.R."] = Json.Number(test.ChiSquare), ["d.f."] = test.DegreesOfFreedom, ["P"] = Json.Number(test.P), ["C"] = Json.Number(area), ["Dxy"] = Json.Number((2 * area) - 1),
            ["Gamma"] = Json.Number(net / (pairs - ranked.TiedPairs)), ["Tau-a"] = Json.Number(net / (n * (n - 1) / 2)), ["R2"] = Json.Number(model.Fit.NagelkerkeR2),
            [$"R2({model.Outcome.Length})"] = R2(test.ChiSquare, n), [$"R2({df},{model.Outcome.Length})"] = R2(test.ChiSquare - test.DegreesOfFreedom, n),
            [$"R2({size})"] = R2(test.ChiSquare, effective), [$"R2({df},{size})"] = R2(test.ChiSquare - test.DegreesOfFreedom, effective),
            ["Brier"] = Json.Number(model.Brier), ["g"] = Json.Number(indexes.G), ["gr"] = Json.Number(Math.Exp(indexes.G)), ["gp"] = Json.Number(indexes.Gp),
        };
    }

    private static IEnumerable<string> RmsNames(StudyMatrix design)
    {
        foreach (var term in design.Terms)
        {
            for (var k = 0; k < term.Columns.Length; k++) { yield return term.Kind == TermKind.Categorical ? $"{term.Name}={term.Levels[k + 1]}" : design.Names[term.Columns[k]].Replace(":", " * ", StringComparison.Ordinal); }
        }
    }

    /// <summary>Validation statistics of the predictions on the data of the fit, named as <c>rms::val.prob</c> names them.</summary>
    private static JsonObject ValProb(FittedModel model)
    {
        var area = Binned(model).Area;
        var json = new JsonObject { ["Dxy"] = Json.Number((2 * area) - 1), ["C (ROC)"] = Json.Number(area), ["R2"] = Json.Number(model.Fit.NagelkerkeR2) };
        CalibrationSummary calibration;
        try { calibration = CalibrationSummary.Of(model.Fit.Probabilities, model.Outcome); }
        catch (StatisticsException exception)
        {
            // Firth's fit of separated classes: its predictions separate them too, so there is no calibration slope to estimate.
            json["Brier"] = Json.Number(model.Brier);
            json["reason"] = exception.Message;
            return json;
        }
        (string Name, double Value)[] rest =
        [
            ("D", calibration.Discrimination), ("D:Chi-sq", calibration.DiscriminationChiSquare), ("D:p", ChiSquare.UpperTail(calibration.DiscriminationChiSquare, 1)), ("U", calibration.Unreliability), ("U:Chi-sq", calibration.UnreliabilityChiSquare),
            ("U:p", ChiSquare.UpperTail(Math.Max(0, calibration.UnreliabilityChiSquare), 2)), ("Q", calibration.Quality), ("Brier", calibration.Brier), ("Intercept", calibration.Intercept), ("Slope", calibration.Slope), ("Emax", calibration.EMax),
            ("E90", calibration.E90), ("Eavg", calibration.Ici), ("E50", calibration.E50), ("S:z", calibration.SpiegelhalterZ), ("S:p", calibration.SpiegelhalterP),
        ];
        foreach (var (name, value) in rest) { json[name] = Json.Number(value); }
        return json;
    }

    /// <summary>Huber–White standard errors, subjects of one site counting as a cluster.</summary>
    private static JsonObject Robust(FittedModel model, string site)
    {
        var levels = model.Cohort.Table[site] switch
        {
            CategoricalColumn factor => factor,
            NumericColumn number => number.ToCategorical(),
            _ => throw new StudyException($"The site column {site} holds dates."),
        };
        int[] clusters = [.. model.Design.Rows.Select(row => levels.Codes[row])];
        if (clusters.Distinct().Count() < 2) { throw new StudyException($"The site column {site} has one value only."); }
        var p = model.Fit.Coefficients.Length;
        var covariance = model.Fit.RobustCovariance(clusters);
        return new JsonObject { ["cluster"] = site, ["clusters"] = clusters.Distinct().Count(), ["se"] = Json.Numbers(Enumerable.Range(0, p).Select(j => Math.Sqrt(covariance[(j * p) + j]))), ["vcov"] = Json.Matrix(covariance, p) };
    }

    private static JsonObject Univariable(FittedModel model, CancellationToken cancellation)
    {
        var json = new JsonObject();
        foreach (var term in model.Design.Terms.Where(t => t.Kind != TermKind.Interaction))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] names = [.. term.Columns.Select(c => model.Design.Names[c])];
            var fit = LogisticModel.Fit([.. term.Columns.Select(c => model.Design.Columns[c])], names, model.Outcome, model.Cohort.Protocol.Firth, model.Cohort.Protocol.Firth ? null : LogisticModel.GlmEpsilon, cancellation: cancellation);
            var chisq = fit.NullDeviance - fit.Deviance;
            json[term.Name] = new JsonObject
            {
                ["coefficients"] = Coefficients(fit, names), ["deviance"] = Json.Number(fit.Deviance), ["lr_chisq"] = Json.Number(chisq), ["lr_p"] = Json.Number(ChiSquare.UpperTail(chisq, names.Length)),
                ["auc"] = Json.Number(Roc.Auc(fit.LinearPredictor, model.Outcome)),
            };
        }
        return json;
    }

    private static JsonObject RocJson(FittedModel model, CancellationToken cancellation)
    {
        var auc = model.Roc;
        var (low, high) = auc.Interval();
        var json = new JsonObject { ["auc"] = Json.Number(auc.Area), ["ci_delong"] = Json.Numbers([low, auc.Area, high]), ["var_delong"] = Json.Number(auc.Variance) };
        json["youden"] = new JsonArray([.. auc.Youden().Select(point => (JsonNode)new JsonObject { ["threshold"] = Json.Number(point.Threshold), ["specificity"] = Json.Number(point.Specificity), ["sensitivity"] = Json.Number(point.Sensitivity) })]);
        if (model.Cohort.Protocol.Reduced.Count == 0) { return json; }
        var terms = model.Cohort.Protocol.Reduced.Select(name => model.Design.Terms.FirstOrDefault(t => t.Name == name) ?? throw new StudyException($"The smaller model's factor {name} is not among the factors.")).ToArray();
        int[] columns = [.. terms.SelectMany(t => t.Columns)];
        var fit = LogisticModel.Fit([.. columns.Select(c => model.Design.Columns[c])], [.. columns.Select(c => model.Design.Names[c])], model.Outcome, model.Cohort.Protocol.Firth, cancellation: cancellation);
        var reduced = Roc.Of(fit.Probabilities, model.Outcome);
        var test = Roc.Paired(auc, reduced);
        json["reduced"] = new JsonObject { ["factors"] = Json.Texts(model.Cohort.Protocol.Reduced), ["auc"] = Json.Number(reduced.Area), ["z"] = Json.Number(test.Statistic), ["p"] = Json.Number(test.P) };
        return json;
    }

    private static IReadOnlyList<GuardWarning> Guards(FittedModel model)
    {
        var protocol = model.Cohort.Protocol;
        var used = model.Cohort.Factors.SelectMany(f => f.Columns).Distinct(StringComparer.Ordinal).ToArray();
        return HonestyGuards.Check(new StudyDesign
        {
            Subjects = model.Outcome.Length, Events = model.Events, Parameters = model.Design.Columns.Count, CoxSnellR2 = model.CoxSnell, Matched = protocol.Matched, ExpectedPrevalence = protocol.Prevalence,
            UnavailableFactors = [.. protocol.KnownLater.Where(used.Contains)], DroppedForMissing = model.Design.Dropped,
        });
    }
}
