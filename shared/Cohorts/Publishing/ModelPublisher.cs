using BoneMet.Cohorts.Design;
using BoneMet.Cohorts.Fitting;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;

namespace BoneMet.Cohorts.Publishing;

/// <summary>Turns a fitted model into a <c>bonemet.risk-model/1</c> document with its provenance, validation and warnings.</summary>
public static class ModelPublisher
{
    private const string IntendedUse = "Research: risk of the outcome in patients like those of the cohort.";
    private const string NotFor = "Not for diagnosis or treatment decisions before external validation and recalibration where it is used.";

    /// <summary>Makes the document.</summary>
    /// <exception cref="StudyException">The study has no model, or the document would not be valid; the message says why.</exception>
    public static RiskModel Document(StudyResult result, PublicationDetails details)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(details);
        var model = result.Model ?? throw new StudyException("Only a study that fits a model can be published (fit, validate, nomogram).");
        var protocol = model.Cohort.Protocol;
        if (protocol.Missing == Protocols.MissingPolicy.Indicator) { throw new StudyException("A model with missing-value indicators is not published: at the bedside a value is missing for other reasons than in the cohort."); }
        var prevalence = (double)model.Events / model.Outcome.Length;
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["(Intercept)"] = "Intercept" };
        var terms = model.Design.Terms.Select(term => Term(model, term, names, details)).ToArray();
        var intercept = model.Fit.Coefficients[0];
        var recalibrated = protocol.Prevalence is { } wanted ? intercept + Math.Log(wanted / (1 - wanted)) - Math.Log(prevalence / (1 - prevalence)) : (double?)null;
        var p = model.Fit.Coefficients.Length;
        string[] columns = ["Intercept", .. model.Design.Names.Select(name => names[name])];
        var document = new RiskModel
        {
            Id = details.Id, Version = details.Version, Title = details.Title ?? $"{model.Cohort.Outcome.Name} from {string.Join(", ", model.Design.Terms.Select(t => t.Name))}", CancerType = details.CancerType,
            Family = ModelFamily.Logistic, Outcome = new() { Event = details.Event, Timing = details.Timing, HorizonMonths = details.HorizonMonths }, UsedAt = details.UsedAt,
            Automatic = details.Automatic && model.Warnings.Count == 0,
            Intercept = recalibrated is { } value
                ? new() { Origin = ModelIntercept.Recalibrated, Value = value, StandardError = model.Fit.StandardErrors[0], Prevalence = protocol.Prevalence, Note = $"Fitted {intercept:R} at a prevalence of {prevalence:R}; shifted by the difference of the log odds." }
                : new() { Origin = ModelIntercept.Fitted, Value = intercept, StandardError = model.Fit.StandardErrors[0] },
            Terms = terms, Covariance = new() { Names = columns, Rows = [.. Enumerable.Range(0, p).Select(i => (IReadOnlyList<double>)[.. model.Fit.Covariance.Skip(i * p).Take(p)])] },
            Cohort = new() { Description = details.Cohort, Patients = model.Outcome.Length, Events = model.Events, Prevalence = prevalence, Enriched = protocol.Matched, Note = model.Design.Dropped > 0 ? $"{model.Design.Dropped} patients with missing values were left out." : null },
            Performance = Performance(result, model), Evidence = new() { Citation = $"Fitted by BoneMetPlatform on {details.Cohort}.", Source = $"study protocol {protocol.Sha256()}", Complete = true },
            IntendedUse = details.Statement ?? IntendedUse, NotFor = NotFor,
            Warnings = [.. details.Statement is { } statement ? [statement] : Array.Empty<LocalText>(), .. model.Warnings.Select(w => (LocalText)$"{w.Code}: {w.Text}")],
            Lineage = new() { Method = "fitted", DataSha256 = model.Cohort.Loaded.Sha256, Tool = "BoneMetPlatform cohort", Note = $"Study protocol {protocol.Sha256()}, seed {protocol.Seed}." },
        };
        var faults = ModelChecks.Check(document);
        if (faults.Count > 0) { throw new StudyException($"The model cannot be published: {faults[0]}."); }
        return document;
    }

    private static List<ModelMeasure> Performance(StudyResult result, FittedModel model)
    {
        var n = model.Outcome.Length;
        var (low, high) = model.Roc.Interval();
        var measures = new List<ModelMeasure>
        {
            new() { Name = "auc", Value = model.Roc.Area, Low = low, High = high, Set = "training", Patients = n },
            new() { Name = "brier", Value = model.Brier, Set = "training", Patients = n },
        };
        if (result.Json["validate"] is { } validate)
        {
            measures.Add(new() { Name = "auc", Value = validate["c_corrected"]!.GetValue<double>(), Set = "bootstrap", Patients = n });
            if (validate["table"]!.AsArray().FirstOrDefault(row => row!["index"]!.GetValue<string>() == "Slope") is { } slope)
            {
                measures.Add(new() { Name = "calibration-slope", Value = slope["index.corrected"]!.GetValue<double>(), Set = "bootstrap", Patients = n });
            }
        }
        return measures;
    }

    private static ModelTerm Term(FittedModel model, DesignTerm term, Dictionary<string, string> names, PublicationDetails details)
    {
        var definition = FactorDictionary.Recognise(term.Name.Replace('_', '-'));
        switch (term.Kind)
        {
            case TermKind.Categorical:
            {
                var known = definition is { IsNumber: false } ? term.Levels.Select(level => FactorDictionary.Level(definition.Name, level)).ToArray() : null;
                var usable = known is not null && known.All(level => level is not null) && known.Distinct().Count() == known.Length;
                var factor = usable ? definition!.Name : Own(term.Name);
                var levels = new List<TermLevel>();
                for (var k = 0; k < term.Levels.Length; k++)
                {
                    var level = usable ? known![k]! : term.Levels[k];
                    var with = 0;
                    for (var i = 0; i < term.Codes.Length; i++) { if (term.Codes[i] == k && model.Outcome[i] > 0) { with++; } }
                    levels.Add(new()
                    {
                        Level = level, Label = term.Levels[k], IsReference = k == 0, Coefficient = k == 0 ? Coefficient.Reference : Of(model, term.Columns[k - 1]), WithEvent = with, WithoutEvent = term.LevelCounts[k] - with,
                    });
                    if (k > 0) { names[model.Design.Names[term.Columns[k - 1]]] = $"{factor}={level}"; }
                }
                return new CategoricalTerm { Factor = factor, Label = Label(factor, term.Name), Levels = levels };
            }
            case TermKind.Linear when details.Labels.TryGetValue(term.Name, out var source):
                names[model.Design.Names[term.Columns[0]]] = term.Name;
                // Beyond the labels that the cohort has seen, a label adds nothing more.
                return new LabelTerm { Factor = term.Name, Coefficient = Of(model, term.Columns[0]), Bound = Math.Ceiling(10 * term.Values.Max(Math.Abs)) / 10, EncoderId = source.EncoderId, EncoderSha256 = source.EncoderSha256 };
            case TermKind.Linear:
            {
                var factor = Number(term, definition);
                names[model.Design.Names[term.Columns[0]]] = factor;
                return new LinearTerm { Factor = factor, Label = Label(factor, term.Name), Unit = Unit(term, definition), Coefficient = Of(model, term.Columns[0]), Low = term.Values.Min(), High = term.Values.Max(), Mean = term.Values.Average(), RangeOrigin = "training data" };
            }
            case TermKind.Spline:
            {
                var factor = Number(term, definition);
                for (var k = 0; k < term.Columns.Length; k++) { names[model.Design.Names[term.Columns[k]]] = factor + new string('\'', k); }
                return new SplineTerm
                {
                    Factor = factor, Label = Label(factor, term.Name), Unit = Unit(term, definition), Knots = term.Knots, Coefficients = [.. term.Columns.Select(c => Of(model, c))], Low = term.Values.Min(), High = term.Values.Max(),
                    Means = [.. term.Columns.Select(c => model.Design.Columns[c].Average())],
                };
            }
            default:
            {
                var parents = term.Parents.Select(name => model.Design.Terms.First(t => t.Name == name)).ToArray();
                var products = new List<InteractionProduct>();
                var next = 0;
                foreach (var b in parents[1].Columns)
                {
                    foreach (var a in parents[0].Columns)
                    {
                        var column = term.Columns[next++];
                        string first = names[model.Design.Names[a]], second = names[model.Design.Names[b]];
                        products.Add(new() { First = first, Second = second, Coefficient = Of(model, column) });
                        names[model.Design.Names[column]] = $"{first} * {second}";
                    }
                }
                return new InteractionTerm { Factor = string.Join(" * ", parents.Select(parent => names[model.Design.Names[parent.Columns[0]]].Split('=')[0])), Products = products };
            }
        }
    }

    private static string Number(DesignTerm term, FactorDefinition? definition) => definition is { IsNumber: true } ? definition.Name : Own(term.Name);

    /// <summary>A name that the model declares itself; never one of the dictionary with another meaning.</summary>
    private static string Own(string name) => FactorDictionary.Find(name) is null ? name : "cohort-" + name;

    private static string? Unit(DesignTerm term, FactorDefinition? definition) => definition is { IsNumber: true } ? definition.Unit : term.Unit;

    /// <summary>The column's own name where the dictionary has no words for the factor in three languages.</summary>
    private static LocalText? Label(string factor, string column) => FactorDictionary.Find(factor) is null ? (LocalText)column : null;

    private static Coefficient Of(FittedModel model, int column) => new() { Beta = model.Fit.Coefficients[column + 1], StandardError = model.Fit.StandardErrors[column + 1] };
}
