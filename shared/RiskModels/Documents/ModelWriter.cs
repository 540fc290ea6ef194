using System.Text.Json.Nodes;

namespace BoneMet.RiskModels;

/// <summary>Turns a <see cref="RiskModel"/> into JSON that <see cref="ModelReader"/> reads back as the same model.</summary>
internal static class ModelWriter
{
    public static JsonObject Write(RiskModel model, bool signed)
    {
        var coefficient = model.Family == ModelFamily.Score ? "points" : "beta";
        var json = new JsonObject
        {
            ["format"] = RiskModel.Format,
            ["id"] = model.Id,
            ["version"] = model.Version,
            ["title"] = Words(model.Title),
            ["cancerType"] = model.CancerType,
        };
        Texts(json, "histologies", model.Histologies);
        json["family"] = model.Family.ToString().ToLowerInvariant();
        json["outcome"] = Object(("event", model.Outcome.Event), ("timing", model.Outcome.Timing), ("horizonMonths", model.Outcome.HorizonMonths));
        json["usedAt"] = model.UsedAt;
        if (!model.Automatic) { json["automatic"] = false; }
        if (model.Intercept is { } i)
        {
            json["intercept"] = Object(("origin", i.Origin), ("value", i.Value), ("standardError", i.StandardError), ("prevalence", i.Prevalence), ("note", i.Note));
        }
        List(json, "terms", model.Terms, term => Term(term, coefficient));
        if (model.Covariance is { } c)
        {
            json["covariance"] = new JsonObject { ["names"] = Array(c.Names), ["rows"] = new JsonArray([.. c.Rows.Select(row => (JsonNode)Array(row))]) };
        }
        if (model.Centre is { } centre) { json["centre"] = centre; }
        List(json, "baseline", model.Baseline, b => Object(("months", b.Months), ("survival", b.Survival)));
        List(json, "bands", model.Bands, b => Object(
            ("from", b.From), ("to", b.To), ("label", Words(b.Label)), ("risk", b.Risk), ("events", b.Events), ("patients", b.Patients), ("low", b.Low), ("high", b.High)));
        List(json, "criteria", model.Criteria, r => Object(("id", r.Id), ("text", Words(r.Text)), ("when", When(r.When))));
        List(json, "rates", model.Rates, Rate);
        if (model.BaseRate is { } rate) { json["baseRate"] = Rate(rate); }
        var cohort = model.Cohort;
        json["cohort"] = Object(
            ("description", cohort.Description), ("period", cohort.Period), ("patients", cohort.Patients), ("events", cohort.Events), ("prevalence", cohort.Prevalence),
            ("enriched", cohort.Enriched ? true : null), ("note", cohort.Note));
        List(json, "performance", model.Performance, m => Object(("name", m.Name), ("value", m.Value), ("low", m.Low), ("high", m.High), ("set", m.Set), ("patients", m.Patients)));
        var evidence = Object(("citation", model.Evidence.Citation), ("doi", model.Evidence.Doi), ("source", model.Evidence.Source), ("complete", model.Evidence.Complete));
        Texts(evidence, "lackingFactors", model.Evidence.LackingFactors);
        if (model.Evidence.Note is { } note) { evidence["note"] = note; }
        json["evidence"] = evidence;
        json["intendedUse"] = Words(model.IntendedUse);
        json["notFor"] = Words(model.NotFor);
        if (model.Warnings.Count > 0) { json["warnings"] = new JsonArray([.. model.Warnings.Select(Words)]); }
        if (model.Lineage is { } l)
        {
            json["lineage"] = Object(("method", l.Method), ("parentSha256", l.ParentSha256), ("dataSha256", l.DataSha256), ("site", l.Site), ("tool", l.Tool), ("note", l.Note));
        }
        if (model.Retired) { json["retired"] = true; }
        if (signed && model.Signature is { } s) { json["signature"] = Object(("keyId", s.KeyId), ("publicKey", s.PublicKey), ("value", s.Value)); }
        return json;
    }

    private static JsonObject Term(ModelTerm term, string coefficient)
    {
        var json = Object(("factor", term.Factor), ("kind", Kind(term)), ("label", Words(term.Label)));
        if (!term.Required) { json["required"] = false; }
        switch (term)
        {
            case CategoricalTerm t: List(json, "levels", t.Levels, level => Level(level, coefficient)); break;
            case ConditionalTerm t: List(json, "levels", t.Levels, level => Level(level, coefficient)); break;
            case BinnedTerm t:
                Add(json, ("unit", t.Unit));
                List(json, "bins", t.Bins, level => Level(level, coefficient));
                break;
            case LinearTerm t:
                Add(json, ("unit", t.Unit));
                Coefficient(json, t.Coefficient, coefficient);
                Add(json, ("low", t.Low), ("high", t.High), ("refuseOutside", t.RefuseOutside ? true : null), ("mean", t.Mean), ("rangeOrigin", t.RangeOrigin));
                break;
            case SplineTerm t:
                Add(json, ("unit", t.Unit));
                json["knots"] = Array(t.Knots);
                List(json, "coefficients", t.Coefficients, value => Coefficient([], value, coefficient));
                Add(json, ("low", t.Low), ("high", t.High), ("refuseOutside", t.RefuseOutside ? true : null));
                if (t.Means is { } means) { json["means"] = Array(means); }
                Add(json, ("monotone", t.Monotone));
                break;
            case InteractionTerm t:
                List(json, "products", t.Products, p => Coefficient(Object(("first", p.First), ("second", p.Second)), p.Coefficient, coefficient));
                break;
            case LabelTerm t:
                Coefficient(json, t.Coefficient, coefficient);
                Add(json, ("bound", t.Bound), ("encoderId", t.EncoderId), ("encoderSha256", t.EncoderSha256));
                break;
        }
        return json;
    }

    internal static string Kind(ModelTerm term) => term switch
    {
        CategoricalTerm => "categorical",
        ConditionalTerm => "conditional",
        BinnedTerm => "binned",
        LinearTerm => "linear",
        SplineTerm => "spline",
        InteractionTerm => "interaction",
        _ => "label",
    };

    private static JsonObject Level(TermLevel level, string coefficient)
    {
        var json = Object(("level", level.Level), ("label", Words(level.Label)));
        Texts(json, "of", level.Of);
        Add(json, ("from", level.From), ("to", level.To), ("when", When(level.When)));
        if (level.IsReference) { json["reference"] = true; }
        Coefficient(json, level.Coefficient, coefficient);
        Add(json, ("withoutEvent", level.WithoutEvent), ("withEvent", level.WithEvent), ("share", level.Share));
        return json;
    }

    private static JsonObject Coefficient(JsonObject json, Coefficient value, string name)
    {
        Add(json, (name, value.Beta), ("standardError", value.StandardError), ("ratio", value.Ratio), ("ratioLow", value.Low), ("ratioHigh", value.High), ("note", value.Note));
        return json;
    }

    private static JsonObject Rate(ModelRate rate) => Object(
        ("label", Words(rate.Label)), ("when", When(rate.When)), ("rate", rate.Rate), ("events", rate.Events), ("patients", rate.Patients), ("low", rate.Low), ("high", rate.High),
        ("intervalKind", rate.IntervalKind), ("note", rate.Note));

    private static JsonObject? When(Condition? condition) => condition switch
    {
        null => null,
        Condition.All all => new() { ["all"] = new JsonArray([.. all.Of.Select(When)]) },
        Condition.Any any => new() { ["any"] = new JsonArray([.. any.Of.Select(When)]) },
        Condition.Not not => new() { ["not"] = When(not.Of) },
        Condition.In level => new() { ["factor"] = level.Factor, ["in"] = Array(level.Levels) },
        Condition.Number n => Object(("factor", n.Factor), ("unit", n.Unit), ("above", n.Above), ("atLeast", n.AtLeast), ("below", n.Below), ("atMost", n.AtMost)),
        _ => new() { ["otherwise"] = true },
    };

    private static JsonNode? Words(LocalText? text) => text switch
    {
        null => null,
        { Zh: null, Ru: null } => JsonValue.Create(text.En),
        _ => Object(("en", text.En), ("zh", text.Zh), ("ru", text.Ru)),
    };

    private static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> properties)
    {
        var json = new JsonObject();
        Add(json, properties);
        return json;
    }

    private static void Add(JsonObject json, params ReadOnlySpan<(string Name, JsonNode? Value)> properties)
    {
        foreach (var (name, value) in properties)
        {
            if (value is not null) { json[name] = value; }
        }
    }

    private static void Texts(JsonObject json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0) { json[name] = Array(texts); }
    }

    private static void List<T>(JsonObject json, string name, IReadOnlyList<T> items, Func<T, JsonObject> write)
    {
        if (items.Count > 0) { json[name] = new JsonArray([.. items.Select(write)]); }
    }

    private static JsonArray Array(IEnumerable<string> items) => [.. items.Select(item => (JsonNode?)JsonValue.Create(item))];

    private static JsonArray Array(IEnumerable<double> items) => [.. items.Select(item => (JsonNode?)JsonValue.Create(item))];
}
