namespace BoneMet.RiskModels;

/// <summary>A prediction while it is being worked out.</summary>
internal sealed class PredictionDraft(CompiledModel model, FactorSet factors, IReadOnlyList<LabelInput> labels)
{
    private readonly RiskModel source = model.Model;
    private double labelVariance;

    public PredictionEstimate Clinical { get; private set; } = new() { Interval = PredictionInterval.None("no estimate") };
    public PredictionEstimate? Fused { get; private set; }
    public double? OddsRatio { get; private set; }
    public List<PredictionHorizon> Horizons { get; } = [];
    public LocalText? Band { get; private set; }
    public List<string> CriteriaMet { get; } = [];
    public List<PredictionPoint> Points { get; } = [];
    public List<string> Missing { get; } = [];
    public List<string> OutOfRange { get; } = [];
    public List<PredictionLabel> Labels { get; } = [];
    public List<LocalText> Warnings { get; } = [.. model.Model.Warnings];
    public List<PredictionRefusal> Refusals { get; } = [];

    /// <summary>Logistic, Cox and score: everything with a linear predictor.</summary>
    public void Linear()
    {
        var x = new double[model.Columns.Count];
        var levels = new int[model.Terms.Length];
        var values = new double[model.Terms.Length];
        var states = new TermState[model.Terms.Length];
        for (var i = 0; i < model.Terms.Length; i++)
        {
            var term = model.Terms[i];
            if (term.Term is InteractionTerm) { continue; }
            if (term.Term is LabelTerm)
            {
                term.Average(x);
                states[i] = TermState.Averaged;
                continue;
            }
            states[i] = term.Fill(factors, x, out levels[i], out values[i]);
            Note(term, states[i], values[i]);
        }
        model.FillProducts(x);
        ShowLabels();

        var entered = Labels.Exists(label => label.Entered);
        if (Refusals.Count == 0)
        {
            Clinical = Estimate(x);
            if (entered)
            {
                EnterLabels(x);
                Fused = Estimate(x);
            }
        }
        else
        {
            var none = PredictionInterval.None("refused");
            Clinical = new() { Interval = none };
        }
        PointRows(x, levels, values, states);
        Enriched();
    }

    public void Rate()
    {
        ShowLabels();
        foreach (var rate in source.Rates)
        {
            var holds = rate.When is null ? true : ConditionEvaluation.Holds(rate.When, factors);
            if (rate.When is not null && holds is null)
            {
                foreach (var name in rate.When.Factors()) { if (factors[name] is null && !Missing.Contains(name)) { Missing.Add(name); } }
            }
            if (holds != true) { continue; }

            Band = rate.Label;
            Clinical = new() { Probability = rate.Rate, LinearPredictor = rate.Rate is > 0 and < 1 ? Logit(rate.Rate) : null, Interval = IntervalOf(rate) };
            if (rate.Note is { } note) { Warnings.Add(note); }
            return;
        }
        Refusals.Add(new("no-band", null, Notices.NoRow(source.Id)));
    }

    public void Rule()
    {
        ShowLabels();
        var unknown = false;
        foreach (var criterion in source.Criteria)
        {
            var holds = ConditionEvaluation.Holds(criterion.When, factors);
            if (holds == true) { CriteriaMet.Add(criterion.Id); }
            unknown |= holds is null;
        }
        foreach (var name in source.Criteria.SelectMany(c => c.When.Factors()).Distinct(StringComparer.Ordinal))
        {
            if (factors[name] is null) { Missing.Add(name); }
        }
        if (CriteriaMet.Count > 0) { Band = new() { En = "positive: high suspicion", Zh = "阳性：高度怀疑", Ru = "положительно: высокое подозрение" }; }
        else if (!unknown) { Band = new() { En = "negative", Zh = "阴性", Ru = "отрицательно" }; }
        else { Refusals.Add(new("not-decidable", Missing.FirstOrDefault(), Notices.NotDecidable([.. Missing.Select(name => FactorDictionary.Find(name)?.Label ?? name)]))); }
        Clinical = new() { Interval = PredictionInterval.None("a decision rule gives no probability") };
    }

    private void Note(CompiledTerm term, TermState state, double value)
    {
        switch (state)
        {
            case TermState.Averaged or TermState.Missing:
                AddMissing(term);
                if (state == TermState.Missing || term.Term.Required)
                {
                    Refusals.Add(new("factor-missing", term.Term.Factor, Notices.Needed(TermLabels.Of(term.Term), source.Id)));
                }
                else
                {
                    Warnings.Add(Notices.Averaged(TermLabels.Of(term.Term)));
                }
                break;
            case TermState.OutOfRange:
                OutOfRange.Add(term.Term.Factor);
                Warnings.Add(Notices.Outside(TermLabels.Of(term.Term), value, term.Low, term.High, source.Id));
                break;
            case TermState.Refused:
                OutOfRange.Add(term.Term.Factor);
                Refusals.Add(new("out-of-range", term.Term.Factor, term.Term is BinnedTerm
                    ? Notices.NoBin(TermLabels.Of(term.Term), value, source.Id)
                    : Notices.Outside(TermLabels.Of(term.Term), value, term.Low, term.High, source.Id)));
                break;
            case TermState.UnknownLevel:
                Refusals.Add(new("unknown-level", term.Term.Factor, Notices.NoCoefficient(TermLabels.Of(term.Term), factors[term.Term.Factor] is { } given ? FactorCoder.Show(given) : null, source.Id)));
                break;
            default: break;
        }
    }

    private void AddMissing(CompiledTerm term)
    {
        if (term.Term is ConditionalTerm)
        {
            foreach (var name in term.Levels.Where(l => l.When is not null).SelectMany(l => l.When!.Factors()).Distinct(StringComparer.Ordinal))
            {
                if (factors[name] is null && !Missing.Contains(name)) { Missing.Add(name); }
            }
        }
        else { Missing.Add(term.Term.Factor); }
    }

    private PredictionEstimate Estimate(double[] x)
    {
        var sum = model.Offset;
        for (var i = 0; i < x.Length; i++) { sum += model.Beta[i] * x[i]; }
        double? total = null;
        if (model.Blocks.Length > 0)
        {
            var points = 0.0;
            for (var b = 0; b < model.Blocks.Length; b++) { points += model.Scale.Points(b, model.Blocks[b].Contribution(model, x)); }
            total = points;
        }
        switch (source.Family)
        {
            case ModelFamily.Score: return Score(sum);
            case ModelFamily.Cox: return Cox(sum, total);
            default:
                OddsRatio = Math.Exp(sum - model.Offset);
                if (source.Intercept?.Value is null)
                {
                    if (!Refusals.Exists(r => r.Code == "no-absolute-risk"))
                    {
                        Refusals.Add(new("no-absolute-risk", null, Notices.NoAbsoluteRisk(source.Id)));
                    }
                    return new() { TotalPoints = total, Interval = PredictionInterval.None("no probability") };
                }
                return new() { Probability = Logistic(sum), LinearPredictor = sum, TotalPoints = total, Interval = IntervalAt(sum, x, Logistic) };
        }
    }

    private PredictionEstimate Score(double sum)
    {
        foreach (var band in source.Bands)
        {
            if (sum < band.From || sum > band.To) { continue; }
            Band = band.Label;
            return new() { Probability = band.Risk, TotalPoints = sum, Interval = IntervalOf(band) };
        }
        Refusals.Add(new("no-band", null, Notices.NoBand(source.Id, sum)));
        return new() { TotalPoints = sum, Interval = PredictionInterval.None("no band") };
    }

    private PredictionEstimate Cox(double sum, double? total)
    {
        Horizons.Clear();
        var ratio = Math.Exp(sum);
        foreach (var point in source.Baseline)
        {
            var survival = Math.Pow(point.Survival, ratio);
            Horizons.Add(new(point.Months, 1 - survival, survival));
        }
        OddsRatio = null;
        var asked = Horizons.Find(h => h.Months == source.Outcome.HorizonMonths) ?? Horizons.LastOrDefault();
        return new() { Probability = asked?.Probability, LinearPredictor = sum, TotalPoints = total, Interval = PredictionInterval.None("the uncertainty of the baseline survival is not in the model document") };
    }

    private PredictionInterval IntervalAt(double sum, double[] x, Func<double, double> probability)
    {
        if (model.Variance.Kind == LinearVariance.NotAvailable) { return PredictionInterval.None("no standard errors were published"); }
        var variance = model.Variance.At(x) + labelVariance;
        if (model.Variance.IsUnknown(variance)) { return PredictionInterval.None("every factor is at the model's reference, and the precision of the intercept was not published"); }
        var half = WilsonInterval.Z * Math.Sqrt(Math.Max(0, variance));
        return new()
        {
            Low = probability(sum - half),
            High = probability(sum + half),
            Level = 0.95,
            Kind = model.Variance.Kind,
            Note = labelVariance > 0 ? "with the image labels' own standard errors"
                : model.Variance.Kind == LinearVariance.Independence
                ? source.Intercept?.StandardError is null
                    ? "from published standard errors taken as independent; the intercept's own uncertainty is not known and not in it"
                    : "from published standard errors taken as independent"
                : null,
        };
    }

    private static PredictionInterval IntervalOf(ModelRate rate) => IntervalOf(rate.Events, rate.Patients, rate.Low, rate.High, rate.IntervalKind);

    private static PredictionInterval IntervalOf(ScoreBand band) => IntervalOf(band.Events, band.Patients, band.Low, band.High, "published");

    private static PredictionInterval IntervalOf(int? events, int? patients, double? low, double? high, string? kind)
    {
        if (events is { } e && patients is { } n)
        {
            var wilson = WilsonInterval.Of(e, n);
            return new() { Low = wilson.Low, High = wilson.High, Level = 0.95, Kind = "wilson" };
        }
        return low is { } l && high is { } h
            ? new() { Low = l, High = h, Level = kind == "published-range" ? null : 0.95, Kind = kind ?? "published" }
            : PredictionInterval.None("no numerator and denominator were published");
    }

    private void ShowLabels()
    {
        foreach (var label in labels.OrderBy(l => l.Modality, StringComparer.Ordinal).ThenBy(l => l.EncoderSha256, StringComparer.Ordinal))
        {
            var term = source.Terms.OfType<LabelTerm>().FirstOrDefault(t => t.Factor == label.Modality && t.EncoderSha256 == label.EncoderSha256);
            var reason = label.Withheld is { } withheld ? withheld
                : !label.Trained ? Notices.Untrained
                : label.Synthetic && source.CancerType != LabelTerm.SyntheticCancerType ? Notices.SyntheticLabel
                : !double.IsFinite(label.Logit) ? Notices.LabelNotFinite
                : term is null ? Notices.EncoderNotNamed(source.Id, label.EncoderId)
                : null;
            Labels.Add(new()
            {
                Modality = label.Modality,
                Logit = double.IsFinite(label.Logit) ? label.Logit : 0,
                StandardError = label.StandardError,
                EncoderId = label.EncoderId,
                EncoderVersion = label.EncoderVersion,
                EncoderSha256 = label.EncoderSha256,
                Trained = label.Trained,
                Synthetic = label.Synthetic,
                Provider = label.Provider,
                Entered = reason is null,
                LogOdds = reason is null ? term!.Coefficient.Beta * Math.Clamp(label.Logit, -term.Bound, term.Bound) : null,
                Reason = reason,
            });
        }
    }

    private void EnterLabels(double[] x)
    {
        foreach (var term in model.Terms)
        {
            if (term.Term is LabelTerm label && Labels.Find(l => l.Entered && l.Modality == label.Factor && l.EncoderSha256 == label.EncoderSha256) is { } value)
            {
                term.FillNumber(value.Logit, x, out _);
                var error = label.Coefficient.Beta * (value.StandardError ?? 0);
                labelVariance += error * error;
            }
        }
    }

    private void PointRows(double[] x, int[] levels, double[] values, TermState[] states)
    {
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            var block = model.Blocks[b];
            var members = new List<CompiledTerm> { block.Predictor };
            members.AddRange(block.Others);
            var state = members.Select(m => states[Array.IndexOf(model.Terms, m)]).Max();
            var label = block.Predictor.Term as LabelTerm;
            var entered = label is null ? null : Labels.Find(l => l.Entered && l.Modality == label.Factor && l.EncoderSha256 == label.EncoderSha256);
            if (state is TermState.Missing or TermState.Refused or TermState.UnknownLevel || (label is not null && entered is null)) { continue; }

            var contribution = block.Contribution(model, x);
            var first = Array.IndexOf(model.Terms, block.Predictor);
            var shown = members.ConvertAll(m => Shown(m, levels[Array.IndexOf(model.Terms, m)], values[Array.IndexOf(model.Terms, m)], states[Array.IndexOf(model.Terms, m)]));
            Points.Add(new()
            {
                Factor = string.Join(" * ", members.Select(m => m.Term.Factor)),
                Label = TermLabels.Of(members),
                Value = label is not null ? FormattableString.Invariant($"{entered!.Logit:0.###}") : string.Join(", ", shown.Select(s => s.En)),
                ValueLabel = label is not null ? null : new() { En = string.Join(", ", shown.Select(s => s.En)), Zh = string.Join("，", shown.Select(s => s.In("zh"))), Ru = string.Join(", ", shown.Select(s => s.In("ru"))) },
                Number = double.IsNaN(values[first]) || states[first] == TermState.Averaged || levels[first] >= 0 ? null : values[first],
                Unit = block.Predictor.Unit,
                Points = model.Scale.Points(b, contribution),
                LogOdds = contribution,
                Line = model.Scale.LineOf(b, members, i => levels[Array.IndexOf(model.Terms, i)], i => values[Array.IndexOf(model.Terms, i)]),
                Status = label is not null ? "used" : state switch { TermState.Averaged => "average", TermState.OutOfRange => "out-of-range", _ => "used" },
            });
        }
    }

    private static LocalText Shown(CompiledTerm term, int level, double value, TermState state) => state == TermState.Averaged
        ? new() { En = "not given (average)", Zh = "未提供（取平均）", Ru = "не указано (среднее)" }
        : level >= 0 && term.Term is not LinearTerm and not SplineTerm ? TermLabels.Of(term, level)
        : Measured(CanonicalJson.Number(value), NomogramGeometry.Unit(term));

    private static LocalText Measured(string number, string? unit) => unit is null
        ? new() { En = number }
        : new() { En = $"{number} {NomogramWords.Unit(unit, "en")}", Zh = $"{number} {NomogramWords.Unit(unit, "zh")}", Ru = $"{number} {NomogramWords.Unit(unit, "ru")}" };

    private void Enriched()
    {
        if (source.Cohort.Enriched && Clinical.Probability is not null)
        {
            Warnings.Add(Notices.Enriched(source.Cohort.Prevalence));
        }
    }

    internal static double Logistic(double value) => value >= 0 ? 1 / (1 + Math.Exp(-value)) : Math.Exp(value) / (1 + Math.Exp(value));

    internal static double Logit(double probability) => Math.Log(probability / (1 - probability));
}
