using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>Turns JSON into a <see cref="RiskModel"/>, strictly, collecting every fault.</summary>
internal static class ModelReader
{
    public static RiskModel Read(JsonElement root, List<ModelFault> faults)
    {
        var top = new ObjectReader(root, "", faults);
        if (top.Text("format") is { Length: > 0 } format && format != RiskModel.Format) { top.Fault("format", $"is '{format}'; this reader knows '{RiskModel.Format}'"); }

        var family = top.OneOf("family", "logistic", "cox", "score", "rule", "rate");
        var coefficient = family == "score" ? "points" : "beta";
        var model = new RiskModel
        {
            Id = top.Text("id"),
            Version = top.Text("version"),
            Title = top.Words("title"),
            CancerType = top.Text("cancerType"),
            Histologies = top.Texts("histologies"),
            Family = Enum.TryParse<ModelFamily>(family, ignoreCase: true, out var parsed) ? parsed : ModelFamily.Logistic,
            Outcome = top.Required("outcome", Outcome, ModelOutcome.SynchronousBoneMetastasis),
            UsedAt = top.OneOf("usedAt", FactorTime.Names),
            Automatic = top.Flag("automatic", true),
            Intercept = top.Optional("intercept", Intercept),
            Terms = top.List("terms", reader => Term(reader, coefficient)),
            Covariance = top.Optional("covariance", Covariance),
            Centre = top.NumberOrNull("centre"),
            Baseline = top.List("baseline", r => new BaselineSurvival { Months = r.Number("months"), Survival = r.Number("survival") }),
            Bands = top.List("bands", Band),
            Criteria = top.List("criteria", r => new RuleCriterion { Id = r.Text("id"), Text = r.Words("text"), When = When(r) ?? new Condition.Otherwise() }),
            Rates = top.List("rates", Rate),
            BaseRate = top.Optional("baseRate", Rate),
            Cohort = top.Required("cohort", Cohort, new() { Description = "" }),
            Performance = top.List("performance", Measure),
            Evidence = top.Required("evidence", Evidence, new() { Citation = "", Complete = false }),
            IntendedUse = top.Words("intendedUse"),
            NotFor = top.Words("notFor"),
            Warnings = top.WordsList("warnings"),
            Lineage = top.Optional("lineage", Lineage),
            Retired = top.Flag("retired", false),
            Signature = top.Optional("signature", r => new ModelSignature { KeyId = r.Text("keyId"), PublicKey = r.Text("publicKey"), Value = r.Text("value") }),
        };
        top.TextOrNull("$schema");
        top.Finish();
        return model;
    }

    private static ModelOutcome Outcome(ObjectReader reader) => new()
    {
        Event = reader.OneOf("event", ModelOutcome.BoneMetastasis, "distant-metastasis", "death", "skeletal-related-event"),
        Timing = reader.OneOf("timing", ModelOutcome.Synchronous, ModelOutcome.Metachronous, ModelOutcome.Survival, ModelOutcome.TimingNotStated),
        HorizonMonths = reader.NumberOrNull("horizonMonths", 0, 1200),
    };

    private static ModelIntercept Intercept(ObjectReader reader) => new()
    {
        Origin = reader.OneOf("origin", ModelIntercept.Published, ModelIntercept.Fitted, ModelIntercept.Recalibrated, ModelIntercept.SolvedFromPrevalence, ModelIntercept.None),
        Value = reader.NumberOrNull("value", -100, 100),
        StandardError = reader.NumberOrNull("standardError", 0),
        Prevalence = reader.NumberOrNull("prevalence", 0, 1),
        Note = reader.TextOrNull("note"),
    };

    private static ModelTerm Term(ObjectReader reader, string coefficient) =>
        Body(reader, reader.Text("factor"), coefficient) with { Label = reader.WordsOrNull("label"), Required = reader.Flag("required", true) };

    /// <summary>What each kind of term has beside factor, label and "required".</summary>
    private static ModelTerm Body(ObjectReader reader, string factor, string coefficient) => reader.OneOf("kind", "categorical", "binned", "linear", "spline", "conditional", "interaction", "label") switch
    {
        "categorical" => new CategoricalTerm { Factor = factor, Levels = reader.List("levels", r => Level(r, coefficient)) },
        "binned" => new BinnedTerm { Factor = factor, Unit = reader.TextOrNull("unit"), Bins = reader.List("bins", r => Level(r, coefficient)) },
        "conditional" => new ConditionalTerm { Factor = factor, Levels = reader.List("levels", r => Level(r, coefficient)) },
        "linear" => new LinearTerm
        {
            Factor = factor,
            Unit = reader.TextOrNull("unit"),
            Coefficient = Coefficient(reader, coefficient),
            Low = reader.Number("low"),
            High = reader.Number("high"),
            RefuseOutside = reader.Flag("refuseOutside", false),
            Mean = reader.NumberOrNull("mean"),
            RangeOrigin = reader.TextOrNull("rangeOrigin"),
        },
        "spline" => new SplineTerm
        {
            Factor = factor,
            Unit = reader.TextOrNull("unit"),
            Knots = reader.Numbers("knots"),
            Coefficients = reader.List("coefficients", r => Coefficient(r, coefficient)),
            Low = reader.Number("low"),
            High = reader.Number("high"),
            RefuseOutside = reader.Flag("refuseOutside", false),
            Means = reader.Has("means") ? reader.Numbers("means") : null,
            Monotone = reader.Has("monotone") ? reader.OneOf("monotone", "increasing", "decreasing") : null,
        },
        "interaction" => new InteractionTerm
        {
            Factor = factor,
            Products = reader.List("products", r => new InteractionProduct { First = r.Text("first"), Second = r.Text("second"), Coefficient = Coefficient(r, coefficient) }),
        },
        "label" => new LabelTerm
        {
            Factor = factor,
            Coefficient = Coefficient(reader, coefficient),
            Bound = reader.NumberOrNull("bound", 0, 10) ?? LabelTerm.DefaultBound,
            EncoderId = reader.Text("encoderId"),
            EncoderSha256 = reader.Text("encoderSha256"),
        },
        _ => new CategoricalTerm { Factor = factor, Levels = [] },
    };

    private static TermLevel Level(ObjectReader reader, string coefficient)
    {
        var reference = reader.Flag("reference", false);
        if (reference && !reader.Has(coefficient))
        {
            return Shared(RiskModels.Coefficient.Reference);
        }
        return Shared(Coefficient(reader, coefficient));

        TermLevel Shared(Coefficient value) => new()
        {
            Level = reader.Text("level"),
            Label = reader.WordsOrNull("label"),
            Of = reader.Texts("of"),
            From = reader.NumberOrNull("from"),
            To = reader.NumberOrNull("to"),
            When = reader.Has("when") ? When(reader) : null,
            Coefficient = value,
            IsReference = reference,
            WithoutEvent = reader.CountOrNull("withoutEvent"),
            WithEvent = reader.CountOrNull("withEvent"),
            Share = reader.NumberOrNull("share", 0, 1),
        };
    }

    private static Coefficient Coefficient(ObjectReader reader, string name) => new()
    {
        Beta = reader.Number(name),
        StandardError = reader.NumberOrNull("standardError", 0),
        Ratio = reader.NumberOrNull("ratio", 0),
        Low = reader.NumberOrNull("ratioLow", 0),
        High = reader.NumberOrNull("ratioHigh", 0),
        Note = reader.TextOrNull("note"),
    };

    private static ModelCovariance Covariance(ObjectReader reader)
    {
        var rows = new List<IReadOnlyList<double>>();
        foreach (var (value, pointer) in reader.Items("rows"))
        {
            var row = new List<double>();
            if (value.ValueKind != JsonValueKind.Array) { reader.Fault("rows", $"{pointer} must be a list of numbers"); continue; }
            foreach (var cell in value.EnumerateArray())
            {
                row.Add(cell.ValueKind == JsonValueKind.Number && cell.TryGetDouble(out var number) && double.IsFinite(number) ? number : double.NaN);
            }
            rows.Add(row);
        }
        return new() { Names = reader.Texts("names"), Rows = rows };
    }

    private static ScoreBand Band(ObjectReader reader) => new()
    {
        From = reader.Number("from"),
        To = reader.Number("to"),
        Label = reader.WordsOrNull("label"),
        Risk = reader.Number("risk"),
        Events = reader.CountOrNull("events"),
        Patients = reader.CountOrNull("patients"),
        Low = reader.NumberOrNull("low", 0, 1),
        High = reader.NumberOrNull("high", 0, 1),
    };

    private static ModelRate Rate(ObjectReader reader) => new()
    {
        Label = reader.Words("label"),
        When = reader.Has("when") ? When(reader) : null,
        Rate = reader.Number("rate"),
        Events = reader.CountOrNull("events"),
        Patients = reader.CountOrNull("patients"),
        Low = reader.NumberOrNull("low", 0, 1),
        High = reader.NumberOrNull("high", 0, 1),
        IntervalKind = reader.Has("intervalKind") ? reader.OneOf("intervalKind", "published", "published-range") : null,
        Note = reader.TextOrNull("note"),
    };

    private static ModelCohort Cohort(ObjectReader reader) => new()
    {
        Description = reader.Text("description"),
        Period = reader.TextOrNull("period"),
        Patients = reader.CountOrNull("patients"),
        Events = reader.CountOrNull("events"),
        Prevalence = reader.NumberOrNull("prevalence", 0, 1),
        Enriched = reader.Flag("enriched", false),
        Note = reader.TextOrNull("note"),
    };

    private static ModelMeasure Measure(ObjectReader reader) => new()
    {
        Name = reader.Text("name"),
        Value = reader.Number("value"),
        Low = reader.NumberOrNull("low"),
        High = reader.NumberOrNull("high"),
        Set = reader.TextOrNull("set"),
        Patients = reader.CountOrNull("patients"),
    };

    private static ModelEvidence Evidence(ObjectReader reader) => new()
    {
        Citation = reader.Text("citation"),
        Doi = reader.TextOrNull("doi"),
        Source = reader.TextOrNull("source"),
        Complete = reader.RequiredFlag("complete"),
        LackingFactors = reader.Texts("lackingFactors"),
        Note = reader.TextOrNull("note"),
    };

    private static ModelLineage Lineage(ObjectReader reader) => new()
    {
        Method = reader.Text("method"),
        ParentSha256 = reader.TextOrNull("parentSha256"),
        DataSha256 = reader.TextOrNull("dataSha256"),
        Site = reader.TextOrNull("site"),
        Tool = reader.TextOrNull("tool"),
        Note = reader.TextOrNull("note"),
    };

    private static Condition? When(ObjectReader reader) => reader.Optional("when", inner => Condition(inner, 0)) ?? Absent(reader);

    private static Condition.Otherwise Absent(ObjectReader reader)
    {
        reader.Fault("when", "is missing; a condition is needed");
        return new();
    }

    private static Condition Condition(ObjectReader reader, int depth)
    {
        if (depth > 16)
        {
            reader.Fault("", "is nested more than 16 deep");
            return new Condition.Otherwise();
        }
        if (reader.Has("all")) { return new Condition.All(reader.List("all", r => Condition(r, depth + 1))); }
        if (reader.Has("any")) { return new Condition.Any(reader.List("any", r => Condition(r, depth + 1))); }
        if (reader.Has("not")) { return new Condition.Not(reader.Required("not", r => Condition(r, depth + 1), new Condition.Otherwise())); }
        if (reader.Flag("otherwise", false)) { return new Condition.Otherwise(); }
        var factor = reader.Text("factor");
        if (reader.Has("in")) { return new Condition.In(factor, reader.Texts("in")); }

        var number = new Condition.Number(factor, reader.TextOrNull("unit"), reader.NumberOrNull("above"), reader.NumberOrNull("atLeast"), reader.NumberOrNull("below"), reader.NumberOrNull("atMost"));
        if (number is { Above: null, AtLeast: null, Below: null, AtMost: null }) { reader.Fault("", "asks nothing: give in, above, atLeast, below, atMost, all, any, not or otherwise"); }
        return number;
    }

}
