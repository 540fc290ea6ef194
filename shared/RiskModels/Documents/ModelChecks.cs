using System.Text.RegularExpressions;

namespace BoneMet.RiskModels;

/// <summary>What must be true of a model beyond its syntax. Every fault is listed with its JSON pointer.</summary>
public static partial class ModelChecks
{
    private const int MostLevels = 200;
    private const int MostTerms = 500;

    /// <summary>Adds the faults of <paramref name="model"/> to <paramref name="faults"/>.</summary>
    public static void Check(RiskModel model, ICollection<ModelFault> faults)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(faults);
        new Checker(model, faults).Run();
    }

    /// <summary>All faults of a model made in code.</summary>
    public static IReadOnlyList<ModelFault> Check(RiskModel model)
    {
        var faults = new List<ModelFault>();
        Check(model, faults);
        return faults;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")]
    private static partial Regex SemanticVersion();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hash();

    private sealed class Checker(RiskModel model, ICollection<ModelFault> faults)
    {
        private readonly HashSet<string> columns = new(StringComparer.Ordinal);

        public void Run()
        {
            if (model.Id.Length > 0 && (!Kebab().IsMatch(model.Id) || model.Id.Length > 100)) { Fault("/id", "must be kebab case (a-z, 0-9, single hyphens), at most 100 characters"); }
            if (model.Version.Length > 0 && !SemanticVersion().IsMatch(model.Version)) { Fault("/version", "must be a semantic version such as 1.0.0"); }
            if (model.CancerType is not ("" or "any") && FactorDictionary.Level("cancer-type", model.CancerType) != model.CancerType) { Fault("/cancerType", $"'{model.CancerType}' is not a cancer type of the dictionary"); }
            for (var i = 0; i < model.Histologies.Count; i++)
            {
                if (FactorDictionary.Level("histology", model.Histologies[i]) != model.Histologies[i]) { Fault($"/histologies/{i}", $"'{model.Histologies[i]}' is not a histology of the dictionary"); }
            }
            if (model.Outcome.Timing is ModelOutcome.Metachronous or ModelOutcome.Survival && model.Outcome.HorizonMonths is null) { Fault("/outcome/horizonMonths", $"is missing; a {model.Outcome.Timing} outcome needs its horizon"); }
            if (model.Outcome.Timing == ModelOutcome.Synchronous && model.Outcome.HorizonMonths is not null) { Fault("/outcome/horizonMonths", "must not be given: synchronous means at diagnosis"); }
            if (model.Terms.Count > MostTerms) { Fault("/terms", $"has {model.Terms.Count} terms; {MostTerms} are allowed"); }

            for (var i = 0; i < model.Terms.Count; i++) { Term(model.Terms[i], $"/terms/{i}"); }
            for (var i = 0; i < model.Terms.Count; i++) { Products(model.Terms[i], $"/terms/{i}"); }
            Family();
            Covariance();
            Cohort();
            for (var i = 0; i < model.Rates.Count; i++) { Rate(model.Rates[i], $"/rates/{i}"); }
            if (model.BaseRate is { } rate) { Rate(rate, "/baseRate"); }
            if (model.Evidence.Complete && model.Evidence.LackingFactors.Count > 0) { Fault("/evidence/lackingFactors", "names lacking factors, but the model says that it is complete"); }
            if (model.Intercept?.Origin is ModelIntercept.SolvedFromPrevalence && model.Evidence.Complete) { Fault("/evidence/complete", "cannot be true: the intercept was solved, not published"); }
        }

        private void Fault(string pointer, string reason) => faults.Add(new(pointer, reason));

        private void Family()
        {
            switch (model.Family)
            {
                case ModelFamily.Logistic:
                    if (model.Intercept is not { } intercept)
                    {
                        Fault("/intercept", "is missing; a logistic model states its intercept and where it comes from");
                        break;
                    }
                    if (intercept.Origin == ModelIntercept.None != (intercept.Value is null)) { Fault("/intercept/value", intercept.Value is null ? "is missing" : "must not be given when the origin is 'none'"); }
                    if (intercept.Origin == ModelIntercept.SolvedFromPrevalence) { Solved(intercept); }
                    break;
                case ModelFamily.Cox:
                    if (model.Baseline.Count == 0) { Fault("/baseline", "is missing; a Cox model needs its baseline survival at named horizons"); }
                    var survival = 1.0;
                    var months = 0.0;
                    for (var i = 0; i < model.Baseline.Count; i++)
                    {
                        var point = model.Baseline[i];
                        if (!(point.Survival > 0 && point.Survival <= 1)) { Fault($"/baseline/{i}/survival", "must lie above 0 and at most 1"); }
                        if (!(point.Months > months)) { Fault($"/baseline/{i}/months", "must be later than the horizon before it"); }
                        if (point.Survival > survival) { Fault($"/baseline/{i}/survival", "is higher than at the horizon before it"); }
                        (survival, months) = (point.Survival, point.Months);
                    }
                    if (model.Outcome.HorizonMonths is { } horizon && !model.Baseline.Any(b => b.Months == horizon)) { Fault("/outcome/horizonMonths", "is not among the horizons of /baseline"); }
                    break;
                case ModelFamily.Score:
                    if (model.Bands.Count == 0) { Fault("/bands", "is missing; a score needs the risk of its bands"); }
                    for (var i = 0; i < model.Bands.Count; i++)
                    {
                        var band = model.Bands[i];
                        if (!(band.From <= band.To)) { Fault($"/bands/{i}", "ends before it begins"); }
                        if (i > 0 && !(band.From > model.Bands[i - 1].To)) { Fault($"/bands/{i}/from", "overlaps the band before it"); }
                        if (!(band.Risk is >= 0 and <= 1)) { Fault($"/bands/{i}/risk", "must lie between 0 and 1"); }
                        Counts(band.Events, band.Patients, band.Risk, $"/bands/{i}");
                    }
                    break;
                case ModelFamily.Rule:
                    if (model.Criteria.Count == 0) { Fault("/criteria", "is missing; a rule needs at least one criterion"); }
                    for (var i = 0; i < model.Criteria.Count; i++) { When(model.Criteria[i].When, $"/criteria/{i}/when"); }
                    break;
                default:
                    if (model.Rates.Count == 0) { Fault("/rates", "is missing; a rate model needs at least one rate"); }
                    break;
            }
            if (model.Family is ModelFamily.Logistic or ModelFamily.Cox or ModelFamily.Score && model.Terms.Count == 0) { Fault("/terms", "is missing; at least one term is needed"); }
            if (model.Family is ModelFamily.Rule or ModelFamily.Rate && model.Terms.Count > 0) { Fault("/terms", $"must not be given: a {model.Family.ToString().ToLowerInvariant()} has no terms"); }
            Only("/intercept", model.Intercept is not null, ModelFamily.Logistic);
            Only("/baseline", model.Baseline.Count > 0, ModelFamily.Cox);
            Only("/centre", model.Centre is not null, ModelFamily.Cox);
            Only("/bands", model.Bands.Count > 0, ModelFamily.Score);
            Only("/criteria", model.Criteria.Count > 0, ModelFamily.Rule);
            Only("/rates", model.Rates.Count > 0, ModelFamily.Rate);
        }

        private void Only(string pointer, bool present, ModelFamily family)
        {
            if (present && model.Family != family) { Fault(pointer, $"belongs to family '{family.ToString().ToLowerInvariant()}', not to '{model.Family.ToString().ToLowerInvariant()}'"); }
        }

        private void Solved(ModelIntercept intercept)
        {
            if (intercept.Prevalence is not (> 0 and < 1)) { Fault("/intercept/prevalence", "is missing; a solved intercept states the prevalence (between 0 and 1) it reproduces"); return; }
            if (faults.Count > 0 || intercept.Value is not { } value) { return; }
            if (InterceptSolver.Hindrance(model) is { } reason) { Fault("/intercept/origin", $"cannot be 'solved-from-prevalence': {reason}"); return; }
            var solved = InterceptSolver.Solve(model, intercept.Prevalence.Value);
            if (!(Math.Abs(solved - value) < 1e-6)) { Fault("/intercept/value", FormattableString.Invariant($"is {value}, but the prevalence {intercept.Prevalence} and the printed distribution give {solved}")); }
        }

        private void Term(ModelTerm term, string at)
        {
            var definition = FactorDictionary.Find(term.Factor);
            if (FactorTime.Order(model.UsedAt) is >= 0 and var used && definition is not null && FactorTime.Order(definition.KnownAt) > used)
            {
                Fault($"{at}/factor", $"{term.Factor} is known only at {definition.KnownAt}, but the model is used at {model.UsedAt}");
            }
            switch (term)
            {
                case CategoricalTerm categorical:
                    Levels(term, categorical.Levels, $"{at}/levels", definition);
                    break;
                case ConditionalTerm conditional:
                    Levels(term, conditional.Levels, $"{at}/levels", null);
                    for (var i = 0; i < conditional.Levels.Count; i++)
                    {
                        if (conditional.Levels[i].When is { } when) { When(when, $"{at}/levels/{i}/when"); }
                        else { Fault($"{at}/levels/{i}/when", "is missing; a conditional level needs its condition"); }
                    }
                    break;
                case BinnedTerm binned:
                    Levels(term, binned.Bins, $"{at}/bins", null);
                    Number(term, definition, binned.Unit, at);
                    for (var i = 0; i < binned.Bins.Count; i++)
                    {
                        var bin = binned.Bins[i];
                        if (bin.From is null && i > 0) { Fault($"{at}/bins/{i}/from", "is missing; only the first bin may be open below"); }
                        if (bin.To is null && i < binned.Bins.Count - 1) { Fault($"{at}/bins/{i}/to", "is missing; only the last bin may be open above"); }
                        if (bin.From >= bin.To) { Fault($"{at}/bins/{i}", "ends before it begins"); }
                        if (i > 0 && bin.From is { } from && binned.Bins[i - 1].To is { } before && from != before) { Fault($"{at}/bins/{i}/from", "does not start where the bin before it ends"); }
                    }
                    break;
                case LinearTerm linear:
                    Column(term.Factor, at);
                    Number(term, definition, linear.Unit, at);
                    Coefficient(linear.Coefficient, at);
                    Range(linear.Low, linear.High, at);
                    break;
                case SplineTerm spline:
                    Spline(spline, at, definition);
                    break;
                case LabelTerm label:
                    Column(term.Factor, at);
                    if (label.Factor is not ("imaging" or "pathology")) { Fault($"{at}/factor", "must be imaging or pathology for a label"); }
                    if (!Hash().IsMatch(label.EncoderSha256)) { Fault($"{at}/encoderSha256", "must be 64 lower-case hexadecimal digits"); }
                    if (label.Bound <= 0) { Fault($"{at}/bound", "must be above 0"); }
                    Coefficient(label.Coefficient, at);
                    break;
                default: break;
            }
            if (!term.Required && term is not LabelTerm and not InteractionTerm)
            {
                var known = term switch
                {
                    LinearTerm t => t.Mean is not null,
                    SplineTerm t => t.Means?.Count == t.Coefficients.Count,
                    CategoricalTerm t => CohortShares.Of(t.Levels) is not null,
                    BinnedTerm t => CohortShares.Of(t.Bins) is not null,
                    ConditionalTerm t => CohortShares.Of(t.Levels) is not null,
                    _ => true,
                };
                if (!known) { Fault($"{at}/required", "is false, but the cohort's average of the factor (counts, shares or mean) is not given"); }
            }
        }

        private void Spline(SplineTerm spline, string at, FactorDefinition? definition)
        {
            Number(spline, definition, spline.Unit, at);
            if (spline.Knots.Count < 3) { Fault($"{at}/knots", "must be at least 3"); }
            for (var i = 1; i < spline.Knots.Count; i++)
            {
                if (!(spline.Knots[i] > spline.Knots[i - 1])) { Fault($"{at}/knots/{i}", "is not above the knot before it"); }
            }
            if (spline.Coefficients.Count != spline.Knots.Count - 1) { Fault($"{at}/coefficients", $"has {spline.Coefficients.Count} entries; {spline.Knots.Count} knots need {Math.Max(0, spline.Knots.Count - 1)}"); }
            for (var i = 0; i < spline.Coefficients.Count; i++)
            {
                Column(spline.Factor + new string('\'', i), at);
                Coefficient(spline.Coefficients[i], $"{at}/coefficients/{i}");
            }
            Range(spline.Low, spline.High, at);
            if (spline.Means is { } means && means.Count != spline.Coefficients.Count) { Fault($"{at}/means", $"has {means.Count} entries; {spline.Coefficients.Count} are needed"); }
            if (spline.Monotone is { } claim && !faults.Any(f => f.JsonPointer.StartsWith(at, StringComparison.Ordinal))) { Monotone(spline, claim, at); }
        }

        private void Monotone(SplineTerm spline, string claim, string at)
        {
            const int Steps = 1000;
            var term = new CompiledTerm(spline, 0);
            var x = new double[term.Columns];
            var before = double.NaN;
            for (var i = 0; i <= Steps; i++)
            {
                var value = spline.Low + ((spline.High - spline.Low) * i / Steps);
                term.FillNumber(value, x, out _);
                var now = 0.0;
                for (var j = 0; j < x.Length; j++) { now += x[j] * spline.Coefficients[j].Beta; }
                var step = now - before;
                if (claim == "increasing" ? step < -1e-12 : step > 1e-12)
                {
                    Fault($"{at}/monotone", FormattableString.Invariant($"is claimed to be {claim}, but it turns near {value}"));
                    return;
                }
                before = now;
            }
        }

        private void Levels(ModelTerm term, IReadOnlyList<TermLevel> levels, string at, FactorDefinition? definition)
        {
            if (levels.Count is 0 or > MostLevels) { Fault(at, levels.Count == 0 ? "is missing; at least one level is needed" : $"has {levels.Count} levels; {MostLevels} are allowed"); }
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var references = 0;
            for (var i = 0; i < levels.Count; i++)
            {
                var level = levels[i];
                Column($"{term.Factor}={level.Level}", $"{at}/{i}");
                Coefficient(level.Coefficient, $"{at}/{i}");
                if (level.IsReference)
                {
                    references++;
                    if (level.Coefficient.Beta != 0) { Fault($"{at}/{i}", "is the reference, so its coefficient must be 0"); }
                }
                if (term is not CategoricalTerm && level.Of.Count > 0) { Fault($"{at}/{i}/of", "belongs to categorical terms only"); }
                if (term is not BinnedTerm && (level.From ?? level.To) is not null) { Fault($"{at}/{i}", "has bin edges, which belong to binned terms only"); }
                if (term is not ConditionalTerm && level.When is not null) { Fault($"{at}/{i}/when", "belongs to conditional terms only"); }
                IReadOnlyList<string> covers = level.Of.Count > 0 ? level.Of : [level.Level];
                foreach (var name in covers)
                {
                    if (!seen.Add(name)) { Fault($"{at}/{i}", $"covers '{name}', which an earlier level covers already"); }
                    if (term is CategoricalTerm && definition is { IsNumber: false } && !definition.Levels.Any(l => l.Name == name)) { Fault($"{at}/{i}", $"'{name}' is not a level of {definition.Name} in the dictionary ({string.Join(", ", definition.Levels.Select(l => l.Name))})"); }
                }
            }
            if (levels.Count > 0 && references != 1 && model.Family != ModelFamily.Score) { Fault(at, references == 0 ? "has no reference level" : "has more than one reference level"); }
        }

        private void Number(ModelTerm term, FactorDefinition? definition, string? unit, string at)
        {
            if (definition is { IsNumber: false } && term is not BinnedTerm && !definition.Levels.All(l => double.TryParse(l.Name, out _))) { Fault($"{at}/kind", $"{term.Factor} has levels in the dictionary, it is not a number"); }
            if (definition is { IsNumber: true } && unit is not null && double.IsNaN(UnitScale.From(term.Factor, unit))) { Fault($"{at}/unit", $"{term.Factor} cannot be in '{unit}'; the dictionary has {definition.Unit}"); }
        }

        private void Range(double low, double high, string at)
        {
            if (!double.IsNaN(low) && !double.IsNaN(high) && !(low < high)) { Fault($"{at}/high", "must be above low"); }
            if (Math.Max(Math.Abs(low), Math.Abs(high)) > 1e12) { Fault($"{at}/high", "lies beyond 1e12: not a clinical quantity"); }
            else if (high - low < 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high))) { Fault($"{at}/high", "is too close to low to draw an axis"); }
        }

        private void Coefficient(Coefficient coefficient, string at)
        {
            if (Math.Abs(coefficient.Beta) > 1e6) { Fault(at, "has a coefficient beyond 1e6"); }
            if (coefficient.Low is null != coefficient.High is null) { Fault(at, "has one limit of the ratio without the other"); }
            if (coefficient.Note is not null) { return; }

            var centre = Math.Exp(coefficient.Beta);
            var slack = Rounding(coefficient);
            if (coefficient.Ratio is { } ratio)
            {
                if (ratio <= 0) { Fault($"{at}/ratio", "must be above 0"); }
                else if (Math.Abs(centre - ratio) > Math.Max(1.1 * slack, 0.002 * ratio))
                {
                    Fault(at, FormattableString.Invariant($"has β = {coefficient.Beta}, which is a ratio of {centre:0.####}, not {ratio}"));
                }
            }
            if (coefficient is not { Low: { } low, High: { } high }) { return; }
            if (!(low > 0 && low <= high)) { Fault($"{at}/ratioHigh", "must be at least ratioLow, both above 0"); return; }
            if (centre < low - slack || centre > high + slack) { Fault(at, FormattableString.Invariant($"has a ratio of {centre:0.####} outside its own limits {low}–{high}")); return; }
            // Wald limits are symmetric about β on the log scale, up to what rounding of the printed digits can do.
            var lower = coefficient.Beta - Math.Log(low);
            var upper = Math.Log(high) - coefficient.Beta;
            var rounding = slack * ((1 / low) + (1 / high) + (2 / centre));
            if (Math.Abs(lower - upper) > Math.Max(0.05 * (lower + upper), rounding))
            {
                Fault(at, FormattableString.Invariant($"has limits {low}–{high} that are not symmetric about {centre:0.####} on the log scale; if they are printed so, say it in a note"));
            }
            else if (coefficient.StandardError is { } se && Math.Abs(se - ((lower + upper) / (2 * WilsonInterval.Z))) > Math.Max(0.05 * se, rounding))
            {
                Fault($"{at}/standardError", FormattableString.Invariant($"is {se}, but the limits give {(lower + upper) / (2 * WilsonInterval.Z):0.####}"));
            }
        }

        // Half a unit of the last printed digit; trailing zeros are lost in JSON, so the number with most decimals speaks for its neighbours.
        private static double Rounding(Coefficient coefficient)
        {
            var decimals = 0;
            foreach (var number in new[] { coefficient.Ratio, coefficient.Low, coefficient.High })
            {
                if (number is not { } printed || !double.IsFinite(printed)) { continue; }
                var text = CanonicalJson.Number(printed);
                var point = text.IndexOf('.', StringComparison.Ordinal);
                if (point >= 0) { decimals = Math.Max(decimals, text.Length - point - 1); }
            }
            return 0.51 * Math.Pow(10, -Math.Min(decimals, 12));
        }

        private void Column(string name, string at)
        {
            if (!columns.Add(name)) { Fault(at, $"gives '{name}' a second time"); }
        }

        private void Products(ModelTerm term, string at)
        {
            if (term is not InteractionTerm interaction) { return; }
            if (model.Family == ModelFamily.Score) { Fault($"{at}/kind", "a score has no interactions"); }
            if (interaction.Products.Count == 0) { Fault($"{at}/products", "is missing; at least one product is needed"); }
            for (var i = 0; i < interaction.Products.Count; i++)
            {
                var product = interaction.Products[i];
                if (!columns.Contains(product.First)) { Fault($"{at}/products/{i}/first", $"'{product.First}' is no column of the other terms"); }
                if (!columns.Contains(product.Second)) { Fault($"{at}/products/{i}/second", $"'{product.Second}' is no column of the other terms"); }
                Coefficient(product.Coefficient, $"{at}/products/{i}");
            }
        }

        private void Covariance()
        {
            if (model.Covariance is not { } covariance) { return; }
            var n = covariance.Names.Count;
            var known = new HashSet<string>(columns, StringComparer.Ordinal) { "Intercept" };
            foreach (var product in model.Terms.OfType<InteractionTerm>().SelectMany(t => t.Products)) { known.Add($"{product.First} * {product.Second}"); }
            for (var i = 0; i < n; i++)
            {
                if (!known.Contains(covariance.Names[i])) { Fault($"/covariance/names/{i}", $"'{covariance.Names[i]}' is no column of the model"); }
                if (covariance.Names.Take(i).Contains(covariance.Names[i])) { Fault($"/covariance/names/{i}", $"names '{covariance.Names[i]}' a second time"); }
            }
            if (covariance.Rows.Count != n) { Fault("/covariance/rows", $"has {covariance.Rows.Count} rows for {n} names"); return; }
            for (var i = 0; i < n; i++)
            {
                if (covariance.Rows[i].Count != n) { Fault($"/covariance/rows/{i}", $"has {covariance.Rows[i].Count} numbers for {n} names"); return; }
            }
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    if (!double.IsFinite(covariance.Rows[i][j])) { Fault($"/covariance/rows/{i}/{j}", "is not a finite number"); return; }
                }
                if (covariance.Rows[i][i] < 0) { Fault($"/covariance/rows/{i}/{i}", "is a negative variance"); }
                for (var j = 0; j < i; j++)
                {
                    var bound = Math.Sqrt(Math.Abs(covariance.Rows[i][i] * covariance.Rows[j][j]));
                    if (Math.Abs(covariance.Rows[i][j] - covariance.Rows[j][i]) > 1e-6 * (bound + 1e-300)) { Fault($"/covariance/rows/{i}/{j}", "is not symmetric"); }
                    else if (Math.Abs(covariance.Rows[i][j]) > bound * (1 + 1e-6)) { Fault($"/covariance/rows/{i}/{j}", "is larger than its variances allow"); }
                }
            }
        }

        private void Cohort()
        {
            var cohort = model.Cohort;
            if (cohort.Events > cohort.Patients) { Fault("/cohort/events", $"is {cohort.Events}, more than the {cohort.Patients} patients"); }
            if (cohort is { Events: { } events, Patients: > 0 and { } patients, Prevalence: { } prevalence, Note: null } && Math.Abs(((double)events / patients) - prevalence) > 0.006)
            {
                Fault("/cohort/prevalence", FormattableString.Invariant($"is {prevalence}, but {events} of {patients} is {(double)events / patients:0.####}; if it is printed so, say it in a note"));
            }
        }

        private void Rate(ModelRate rate, string at)
        {
            if (!(rate.Rate is >= 0 and <= 1)) { Fault($"{at}/rate", "must lie between 0 and 1"); }
            if (rate.When is { } when) { When(when, $"{at}/when"); }
            Counts(rate.Events, rate.Patients, rate.Rate, at);
            if (rate.Low is null != rate.High is null) { Fault(at, "has one limit without the other"); }
            if (rate.Low > rate.High) { Fault($"{at}/high", "is below low"); }
        }

        private void Counts(int? events, int? patients, double rate, string at)
        {
            if (events is null != patients is null) { Fault(at, "has events without patients, or patients without events"); }
            if (events > patients) { Fault($"{at}/events", $"is {events}, more than the {patients} patients"); }
            else if (events is { } e && patients is > 0 and { } n && Math.Abs(((double)e / n) - rate) > 0.0006) { Fault(at, FormattableString.Invariant($"gives {rate}, but {e} of {n} is {(double)e / n:0.#####}")); }
            if (patients == 0) { Fault($"{at}/patients", "must be above 0"); }
        }

        private void When(Condition condition, string at)
        {
            switch (condition)
            {
                case Condition.All all:
                    for (var i = 0; i < all.Of.Count; i++) { When(all.Of[i], $"{at}/all/{i}"); }
                    break;
                case Condition.Any any:
                    for (var i = 0; i < any.Of.Count; i++) { When(any.Of[i], $"{at}/any/{i}"); }
                    break;
                case Condition.Not not: When(not.Of, $"{at}/not"); break;
                case Condition.In level:
                    if (level.Levels.Count == 0) { Fault($"{at}/in", "names no level"); }
                    if (FactorDictionary.Find(level.Factor) is { IsNumber: false } known)
                    {
                        foreach (var name in level.Levels.Where(name => !known.Levels.Any(l => l.Name == name))) { Fault($"{at}/in", $"'{name}' is not a level of {level.Factor} in the dictionary"); }
                    }
                    break;
                case Condition.Number number:
                    if (double.IsNaN(UnitScale.From(number.Factor, number.Unit))) { Fault($"{at}/unit", $"{number.Factor} cannot be in '{number.Unit}'"); }
                    break;
                default: break;
            }
        }
    }
}
