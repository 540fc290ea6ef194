using System.Text.Json.Nodes;
using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Protocols;
using BoneMet.Statistics;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.SampleSize;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Tables;
using BoneMet.Statistics.Tests;
using BoneMet.Statistics.Validation;

namespace BoneMet.Cohorts.Studies;

/// <summary>
/// All factors in all cancer types at once: screened by themselves, compared across types, cross-analysed with each other; for each type its own feature set and model,
/// judged on subjects that neither chose nor fitted it, against one common model for all types.
/// </summary>
internal static class AtlasStudy
{
    public const string SelectionText = "The factors of each type's model were chosen by the LASSO on the same data: its p values and intervals are too optimistic. The cross-validated figures repeat the choice in every fold and are not.";

    /// <summary>Fewest complete subjects of a class in another type for its model to be judged there.</summary>
    private const int FewestToJudge = 10;

    /// <summary>A factor that more than this share of a type's subjects lack was not recorded there: PSA in lung cancer.</summary>
    private const double MostMissing = 0.5;

    public static IReadOnlyList<TypeModel> Write(Cohort cohort, LoadedTable? second, JsonObject json, IProgress<double>? progress, CancellationToken cancellation)
    {
        var protocol = cohort.Protocol;
        var name = protocol.Strata ?? throw new StudyException("An atlas needs the column of the cancer type: --strata COLUMN.");
        var types = Types(cohort, name);
        var factors = cohort.Factors.Where(f => !f.Columns.Contains(name)).ToArray();
        if (factors.Length < 2) { throw new StudyException("An atlas needs at least two factors besides the cancer type."); }
        var recorded = factors.Select(spec => types.Select(type => spec.Columns.All(c => type.Rows.Count(row => cohort.Table[c].IsMissing(row)) <= MostMissing * type.Rows.Length)).ToArray()).ToArray();
        json["cohort"] = new JsonObject { ["n"] = types.Sum(t => t.Rows.Length), ["events"] = (int)types.Sum(t => t.Y.Sum()), ["rows"] = cohort.Table.Rows, ["dropped_missing"] = cohort.Table.Rows - types.Sum(t => t.Rows.Length) };
        var screens = Screen(cohort, types, factors, recorded, Part(progress, 0, 0.2), cancellation);
        json["strata"] = Compare(cohort, name, types, factors, recorded, Part(progress, 0.2, 0.4), cancellation);
        var models = Models(cohort, types, factors, recorded, Part(progress, 0.4, 0.9), cancellation);
        var everywhere = factors.Where((_, f) => Array.TrueForAll(recorded[f], r => r)).ToArray();
        var common = Common(cohort, name, types, everywhere, cancellation);
        json["atlas"] = new JsonObject
        {
            ["column"] = name, ["honest_folds"] = FeatureSelection.HonestFolds, ["selection_folds"] = FeatureSelection.Folds, ["common_factors"] = Json.Texts(everywhere.Select(f => f.Text)),
            ["types"] = new JsonArray([.. models.Select((model, g) => (JsonNode)Type(types[g], model, screens[g], common))]), ["transport"] = Transport(cohort, types, models, cancellation), ["associations"] = Associations(cohort.Table, factors),
        };
        if (protocol.Time is not null && types.Length > 2) { PrognosticCategories.Write(cohort, name, second, json); }
        else if (second is not null) { throw new StudyException("An atlas is validated on a second cohort by survival: give the follow-up column (--time), and at least three cancer types."); }
        json["warnings"] = new JsonArray(new JsonObject { ["code"] = "selection", ["text"] = SelectionText });
        return models;
    }

    /// <summary>A cancer type: its subjects with known outcome, as rows of the table, and the outer fold of each.</summary>
    private sealed record CancerType(string Name, int[] Rows, double[] Y, int[] Fold, long Seed);

    private static CancerType[] Types(Cohort cohort, string name)
    {
        var column = Levels(cohort.Table[name]);
        var found = new List<CancerType>();
        for (var g = 0; g < column.Levels.Length; g++)
        {
            int[] rows = [.. Enumerable.Range(0, column.Count).Where(i => column.Codes[i] == g && !double.IsNaN(cohort.Outcome.Values[i]))];
            if (rows.Length == 0) { continue; }
            double[] y = [.. rows.Select(i => cohort.Outcome.Values[i])];
            var seed = cohort.Protocol.Seed + ((long)g << 32);
            found.Add(new(column.Levels[g], rows, y, FeatureSelection.Stratified(y, FeatureSelection.HonestFolds, new RandomStream(seed)), seed));
        }
        return found.Count > 1 ? [.. found] : throw new StudyException($"The column {name} has {(found.Count == 0 ? "no value" : $"one value only, {found[0].Name},")} among the subjects with known outcome; an atlas compares cancer types.");
    }

    private static CategoricalColumn Levels(Column column) => column switch
    {
        CategoricalColumn factor => factor,
        NumericColumn number => number.ToCategorical(),
        _ => throw new StudyException($"The column {column.Name} holds dates; cancer types are names."),
    };

    /// <summary>Effects across types: every factor in all types that recorded it, adjusted for the other factors recorded in all of these.</summary>
    private static JsonObject Compare(Cohort cohort, string name, CancerType[] types, FactorSpec[] factors, bool[][] recorded, ProgressPart? progress, CancellationToken cancellation)
    {
        var sets = Enumerable.Range(0, factors.Length).GroupBy(f => string.Concat(recorded[f].Select(r => r ? '1' : '0'))).ToArray();
        var list = new Dictionary<string, JsonArray>();
        var done = 0;
        foreach (var set in sets)
        {
            int[] inside = [.. Enumerable.Range(0, types.Length).Where(g => set.Key[g] == '1')];
            var wanted = set.Select(f => factors[f]).ToArray();
            progress?.Report((double)done++ / sets.Length);
            if (inside.Length < 2)
            {
                foreach (var spec in wanted) { list[spec.Text] = [Lonely(spec, inside.Length == 0 ? "recorded in no cancer type" : $"recorded in {types[inside[0]].Name} only")]; }
                continue;
            }
            FactorSpec[] together = [.. factors.Where((_, f) => inside.All(g => recorded[f][g]))];
            try
            {
                var part = Subjects(cohort, [.. inside.SelectMany(g => types[g].Rows)], together.Select(Text), also: name) ?? throw new StudyException("One class of the outcome only.");
                var design = part.Design(part.Factors, part.Table[name]);
                var groups = ((CategoricalColumn)Levels(part.Table[name]).Select(design.Rows)).DropUnusedLevels();
                if (groups.Levels.Length < 2) { throw new StudyException("Subjects without a missing value are of one cancer type only."); }
                foreach (var factor in StrataStudy.Compare(design, part.OutcomeOf(design), groups, null, cancellation)["factors"]!.AsArray())
                {
                    var text = factor!["factor"]!.GetValue<string>();
                    if (!wanted.Any(w => w.Text == text)) { continue; }
                    if (!list.TryGetValue(text, out var rows)) { list[text] = rows = []; }
                    rows.Add(factor.DeepClone());
                }
            }
            catch (StudyException exception) { foreach (var spec in wanted) { list[spec.Text] = [Lonely(spec, exception.Message)]; } }
        }
        return new JsonObject
        {
            ["column"] = name, ["levels"] = new JsonArray([.. types.Select(t => (JsonNode)new JsonObject { ["stratum"] = t.Name, ["n"] = t.Rows.Length, ["events"] = (int)t.Y.Sum() })]),
            ["factors"] = new JsonArray([.. factors.Where(f => list.ContainsKey(f.Text)).SelectMany(f => list[f.Text].Select(row => row!.DeepClone()))]),
        };
    }

    private static JsonObject Lonely(FactorSpec spec, string reason) => new JsonObject { ["term"] = spec.Text, ["factor"] = spec.Text, ["effects"] = new JsonArray(), ["verdict"] = "not estimable", ["reason"] = reason };

    /// <summary>Every factor by itself in every type, on all subjects that have it; p values corrected over the whole atlas.</summary>
    private static JsonArray[] Screen(Cohort cohort, CancerType[] types, FactorSpec[] factors, bool[][] recorded, ProgressPart? progress, CancellationToken cancellation)
    {
        int[] single = [.. Enumerable.Range(0, factors.Length).Where(f => factors[f].Columns.Length == 1)];
        var found = new (JsonObject Row, double P)[types.Length][];
        var done = 0;
        Parallel.For(0, types.Length, Options(cancellation), g =>
        {
            var part = Subjects(cohort, types[g].Rows, single.Where(f => recorded[f][g]).Select(f => Text(factors[f])));
            (JsonObject, double) Not(int f, string reason) => (new JsonObject { ["factor"] = factors[f].Text, ["reason"] = reason }, double.NaN);
            found[g] = [.. single.Select(f => !recorded[f][g] ? Not(f, "not recorded in this type") : part is null ? Not(f, "one class of the outcome only") : ScreenStudy.Factor(part, factors[f]))];
            progress?.Report((double)Interlocked.Increment(ref done) / types.Length);
        });
        var tested = found.SelectMany(rows => rows).Where(r => !double.IsNaN(r.P)).ToArray();
        if (tested.Length > 0)
        {
            double[] holm = Multiplicity.Holm([.. tested.Select(r => r.P)]), bh = Multiplicity.BenjaminiHochberg([.. tested.Select(r => r.P)]);
            for (var k = 0; k < tested.Length; k++) { (tested[k].Row["p_holm"], tested[k].Row["p_bh"]) = (Json.Number(holm[k]), Json.Number(bh[k])); }
        }
        return [.. found.Select(rows => new JsonArray([.. rows.Select(r => r.Row)]))];
    }

    private static TypeModel[] Models(Cohort cohort, CancerType[] types, FactorSpec[] factors, bool[][] recorded, ProgressPart? progress, CancellationToken cancellation)
    {
        var models = new TypeModel[types.Length];
        var done = 0;
        Parallel.For(0, models.Length, Options(cancellation), g =>
        {
            models[g] = Own(cohort, types[g], [.. factors.Where((_, f) => recorded[f][g])], cancellation);
            progress?.Report((double)Interlocked.Increment(ref done) / models.Length);
        });
        return models;
    }

    private static TypeModel Own(Cohort cohort, CancerType type, FactorSpec[] factors, CancellationToken cancellation)
    {
        var none = new TypeModel { Type = type.Name };
        try
        {
            if (factors.Length == 0) { return none with { Reason = "No factor was recorded in this type." }; }
            if (Subjects(cohort, type.Rows, factors.Select(Text)) is not { } part) { return none with { Reason = $"Every known outcome is the same: {(int)type.Y.Sum()} events among {type.Y.Length} subjects." }; }
            var usable = part.Factors.Where(spec => Usable(part, spec)).ToArray();
            usable = [.. usable.Where(spec => spec.Columns.Length == 1 || spec.Columns.All(c => usable.Any(u => u.Text == c)))];
            if (usable.Length == 0) { return none with { Reason = "No factor varies in this type." }; }
            var design = part.Design(usable);
            double[] y = [.. design.Rows.Select(i => part.Outcome.Values[i])];
            var events = (int)y.Sum();
            if (Math.Min(events, y.Length - events) < FeatureSelection.Fewest) { return none with { Reason = $"{events} events among {y.Length} subjects without a missing factor are too few for a model of its own (at least {FeatureSelection.Fewest} of each class)." }; }
            var matrix = DesignMatrix.FromColumns(design.Names, design.Columns);
            var (chosen, lambda) = FeatureSelection.Choose(matrix, design.Terms, y, new RandomStream(type.Seed));
            cancellation.ThrowIfCancellationRequested();
            var times = new int[design.Terms.Count];
            var held = FeatureSelection.OutOfFold(matrix, design.Terms, y, [.. design.Rows.Select(i => type.Fold[i])], type.Seed, times);
            var linear = new double[type.Rows.Length];
            Array.Fill(linear, double.NaN);
            for (var i = 0; i < held.Length; i++) { linear[design.Rows[i]] = held[i]; }
            none = none with { Lambda = lambda, Times = design.Terms.Select((t, k) => (t.Name, Count: times[k])).ToDictionary(t => t.Name, t => t.Count), OutOfFold = linear };
            if (chosen.Length == 0) { return none with { Reason = "No factor carries information that cross-validation can see." }; }
            string[] features = [.. chosen.Select(t => design.Terms[t].Name)];
            return none with { Features = features, Result = Fit(cohort, type.Rows, [.. usable.Where(spec => features.Contains(spec.Text)).Select(Text)], cancellation) };
        }
        catch (StudyException exception) { return none with { Reason = exception.Message }; }
        catch (StatisticsException exception) { return none with { Reason = exception.Message }; }
    }

    /// <summary>The chosen factors fitted to all subjects of the type, as a study that can be published; by Firth's method where the classes are separated.</summary>
    private static StudyResult Fit(Cohort cohort, int[] rows, string[] texts, CancellationToken cancellation)
    {
        foreach (var firth in (bool[])[false, true])
        {
            var part = Subjects(cohort, rows, texts, firth)!;
            try
            {
                var model = FitStudy.Fit(part, cancellation);
                model = model with { Warnings = [.. model.Warnings, new GuardWarning("selection", SelectionText)] };
                var json = StudyRunner.Header(part);
                FitStudy.Write(model, json, cancellation);
                return new StudyResult(json, model);
            }
            catch (StudyException) when (!firth) { continue; }      // separated: once more with Firth's penalty
        }
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>The cohort restricted to some rows and factors; null where these rows have one class of the outcome only.</summary>
    private static Cohort? Subjects(Cohort cohort, int[] rows, IEnumerable<string> factors, bool firth = false, string? also = null)
    {
        if (rows.Select(i => cohort.Outcome.Values[i]).Where(v => !double.IsNaN(v)).Distinct().Count() < 2) { return null; }
        var used = cohort.Factors.SelectMany(f => f.Columns).Append(cohort.Protocol.Outcome).ToHashSet(StringComparer.Ordinal);
        var table = new Table([.. cohort.Table.Columns.Where(c => used.Contains(c.Name) || c.Name == also).Select(c => c.Select(rows))]);
        var protocol = cohort.Protocol with
        {
            Kind = StudyKind.Fit, Factors = [.. factors], Splines = new Dictionary<string, int>(), Event = cohort.Outcome.Event, Strata = null, Site = null, Time = null, Status = null, Reduced = [], Alpha = null, Lambdas = null,
            ValidateOn = null, Categories = null, Firth = firth || cohort.Protocol.Firth,
        };
        return Cohort.Open(cohort.Loaded with { Table = table }, protocol, [.. rows.Select(row => cohort.FileRows?[row] ?? row)]);
    }

    private static string Text(FactorSpec spec) => spec.Knots > 0 ? $"rcs({spec.Columns[0]},{spec.Knots})" : spec.Text;

    private static bool Usable(Cohort part, FactorSpec spec)
    {
        if (spec.Columns.Length > 1) { return true; }
        try { return part.Design([spec]).Columns.Count > 0; }
        catch (StudyException) { return false; }                    // constant here, or a level that one subject has: the screen tells the reason
    }

    /// <summary>Linear predictor of every row of the table from one model for all types, of the factors that all of them recorded, fitted without the subject's fold; NaN where there is none.</summary>
    private static double[] Common(Cohort cohort, string name, CancerType[] types, FactorSpec[] everywhere, CancellationToken cancellation)
    {
        var linear = new double[cohort.Table.Rows];
        Array.Fill(linear, double.NaN);
        int[] rows = [.. types.SelectMany(t => t.Rows)], folds = [.. types.SelectMany(t => t.Fold)];
        if (everywhere.Length == 0 || Subjects(cohort, rows, everywhere.Select(Text), also: name) is not { } part) { return linear; }
        var design = part.Design(part.Factors, part.Table[name]);
        var y = part.OutcomeOf(design);
        var matrix = new PooledModel(design, y, ((CategoricalColumn)Levels(part.Table[name]).Select(design.Rows)).DropUnusedLevels()).Matrix();
        for (var f = 0; f < FeatureSelection.HonestFolds; f++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] train = [.. Enumerable.Range(0, y.Length).Where(i => folds[design.Rows[i]] != f)], test = [.. Enumerable.Range(0, y.Length).Where(i => folds[design.Rows[i]] == f)];
            if (LogisticRegression.Fit(matrix.SelectRows(train), [.. train.Select(i => y[i])], new LogisticOptions { Threads = 0 }) is not LogisticOutcome.Fitted { Fit: var fit }) { continue; }
            var held = matrix.SelectRows(test).LinearPredictor(fit.Coefficients);
            for (var i = 0; i < test.Length; i++) { linear[rows[design.Rows[test[i]]]] = held[i]; }
        }
        return linear;
    }

    private static JsonObject Type(CancerType type, TypeModel model, JsonArray screen, double[] common)
    {
        // Both models are judged on the subjects that both can judge.
        int[] both = [.. Enumerable.Range(0, type.Rows.Length).Where(i => model.OutOfFold.Length > 0 && !double.IsNaN(model.OutOfFold[i]) && !double.IsNaN(common[type.Rows[i]]))];
        int[] own = [.. Enumerable.Range(0, model.OutOfFold.Length).Where(i => !double.IsNaN(model.OutOfFold[i]))], shared = both.Length > 0 ? both : [.. Enumerable.Range(0, type.Rows.Length).Where(i => !double.IsNaN(common[type.Rows[i]]))];
        double[] Own(int[] at) => [.. at.Select(i => model.OutOfFold[i])];
        double[] Shared(int[] at) => [.. at.Select(i => common[type.Rows[i]])];
        double[] Y(int[] at) => [.. at.Select(i => type.Y[i])];
        var rate = Proportion.Of((int)type.Y.Sum(), type.Y.Length);
        var json = new JsonObject
        {
            ["type"] = model.Type, ["n"] = rate.Total, ["events"] = rate.Count, ["rate"] = Json.Number(rate.Value), ["rate_lo"] = Json.Number(rate.Low), ["rate_hi"] = Json.Number(rate.High), ["n_judged"] = own.Length,
            ["features"] = Json.Texts(model.Features), ["chosen_in_folds"] = new JsonObject(model.Times.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))), ["lambda"] = Json.Number(model.Lambda), ["reason"] = model.Reason,
            ["cross_validated"] = Judge(Own(own), Y(own)), ["common_model"] = Judge(Shared(shared), Y(shared)), ["own_against_common"] = Difference(Own(both), Shared(both), Y(both)),
        };
        if (model.Result is { } result)
        {
            json["model"] = new JsonObject
            {
                ["method"] = result.Model!.Cohort.Protocol.Firth ? "Firth" : "maximum likelihood", ["n"] = result.Model.Outcome.Length, ["events"] = result.Model.Events, ["coefficients"] = result.Json["glm"]!["coefficients"]!.DeepClone(),
                ["loglik"] = result.Json["glm"]!["loglik"]?.DeepClone(), ["auc_apparent"] = result.Json["roc"]!["auc"]?.DeepClone(), ["brier_apparent"] = result.Json["brier"]?.DeepClone(), ["warnings"] = result.Json["warnings"]!.DeepClone(),
            };
        }
        json["screen"] = screen;
        return json;
    }

    private static JsonObject? Judge(double[] linear, double[] y)
    {
        if (linear.Length == 0) { return null; }
        try
        {
            var judged = CrossValidation.Judge("", linear, y);
            return new JsonObject
            {
                ["auc"] = Json.Number(judged.C), ["lo"] = Json.Number(judged.CLow), ["hi"] = Json.Number(judged.CHigh), ["calibration_intercept"] = Json.Number(judged.Intercept), ["calibration_slope"] = Json.Number(judged.Slope),
                ["calibration_slope_se"] = Json.Number(judged.SlopeStandardError), ["brier"] = Json.Number(judged.Brier),
            };
        }
        catch (StatisticsException exception) { return new JsonObject { ["reason"] = exception.Message }; }
    }

    private static JsonObject? Difference(double[] own, double[] common, double[] y)
    {
        if (own.Length == 0) { return null; }
        try
        {
            Roc a = Roc.Of(own, y), b = Roc.Of(common, y);
            var test = Roc.Paired(a, b);
            return new JsonObject { ["difference"] = Json.Number(a.Area - b.Area), ["lo"] = Json.Number(test.Low), ["hi"] = Json.Number(test.High), ["z"] = Json.Number(test.Statistic), ["p"] = Json.Number(test.P) };
        }
        catch (StatisticsException exception) { return new JsonObject { ["reason"] = exception.Message }; }
    }

    /// <summary>AUC of each type's model (row) in each type (column); in its own type the cross-validated one. Null where a level is unknown to the model, a factor is not recorded, or there are too few of a class.</summary>
    private static JsonArray Transport(Cohort cohort, CancerType[] types, TypeModel[] models, CancellationToken cancellation)
    {
        var tables = types.Select(type => cohort.Table.Select(type.Rows)).ToArray();
        return new([.. models.Select((model, own) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var stored = model.Result is { } result ? StoredModel.Of(result.Json) : null;
            return (JsonNode)new JsonArray([.. types.Select((type, g) => stored is null ? null : g == own ? Area(model.OutOfFold, type.Y) : Area(stored.Predict(tables[g]), type.Y))]);
        })]);
    }

    private static JsonNode? Area(double[] linear, double[] y)
    {
        int[] known = [.. Enumerable.Range(0, linear.Length).Where(i => !double.IsNaN(linear[i]))];
        var events = known.Count(i => y[i] > 0);
        return Math.Min(events, known.Length - events) < FewestToJudge ? null : Json.Number(Roc.Auc([.. known.Select(i => linear[i])], [.. known.Select(i => y[i])]));
    }

    /// <summary>How strongly factors go together: |Spearman| of two numbers, Cramér's V of two factors with levels, the correlation ratio of one of each.</summary>
    private static JsonObject Associations(Table table, FactorSpec[] factors)
    {
        var columns = factors.Where(f => f.Columns.Length == 1).DistinctBy(f => f.Columns[0]).Select(f => table[f.Columns[0]] is NumericColumn number && f.AsLevels ? number.ToCategorical() : table[f.Columns[0]]).ToArray();
        double Strength(Column a, Column b) => (a, b) switch
        {
            (NumericColumn x, NumericColumn z) => Association.Spearman(x.Values, z.Values),
            (CategoricalColumn x, CategoricalColumn z) => Association.CramerV(x.Codes, x.Levels.Length, z.Codes, z.Levels.Length),
            (NumericColumn x, CategoricalColumn z) => Association.CorrelationRatio(x.Values, z.Codes, z.Levels.Length),
            (CategoricalColumn x, NumericColumn z) => Association.CorrelationRatio(z.Values, x.Codes, x.Levels.Length),
            _ => double.NaN,
        };
        var values = new double[columns.Length, columns.Length];
        Parallel.For(0, columns.Length, i => { for (var j = 0; j <= i; j++) { values[i, j] = values[j, i] = i == j ? 1 : Strength(columns[i], columns[j]); } });
        return new JsonObject
        {
            ["factors"] = Json.Texts(columns.Select(c => c.Name)),
            ["strength"] = new JsonArray([.. Enumerable.Range(0, columns.Length).Select(i => (JsonNode)Json.Numbers(Enumerable.Range(0, columns.Length).Select(j => values[i, j])))]),
        };
    }

    private static ParallelOptions Options(CancellationToken cancellation) => new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static ProgressPart? Part(IProgress<double>? progress, double from, double to) => progress is null ? null : new ProgressPart(progress, from, to);
}
