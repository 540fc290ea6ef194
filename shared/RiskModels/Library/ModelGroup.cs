namespace BoneMet.RiskModels;

/// <summary>Chooses among the models of a cancer type.</summary>
public static class ModelGroup
{
    /// <summary>
    /// The most specific model whose needed inputs are present and whose outcome is the one asked for: more of the patient's factors and labels used, then
    /// a named histology, then fewer factors at the cohort's average, then fewer labels that are not there, then a complete publication, then the larger cohort. Other outcomes are offered, never picked silently:
    /// only when nothing answers the question asked is another timing of the same event taken, with a warning that says so.
    /// </summary>
    /// <param name="models">The library.</param>
    /// <param name="cancerType">Dictionary level of "cancer-type".</param>
    /// <param name="histology">Dictionary level of "histology", or null.</param>
    /// <param name="outcome">What is asked; null: bone metastasis at diagnosis.</param>
    /// <param name="coded">The patient's factors.</param>
    /// <param name="labels">The patient's labels.</param>
    public static ModelChoice Choose(ModelLibrary models, string cancerType, string? histology, ModelOutcome? outcome, IReadOnlyList<CodedFactor> coded, IReadOnlyList<LabelInput>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(coded);
        outcome ??= ModelOutcome.SynchronousBoneMetastasis;
        var factors = new FactorSet(FactorDictionary.WithCase(coded, cancerType, histology));
        var candidates = models.All.Where(m => m.Model.CancerType == cancerType || m.Model.CancerType == "any").Select(m => new Candidate(m, cancerType, histology, outcome, factors, labels ?? [])).ToList();
        candidates.Sort(static (a, b) => a.CompareTo(b));

        var warnings = new List<LocalText>();
        var chosen = candidates.Find(c => c.Refusal is null && c.Own)
            ?? Loud(candidates.Find(c => c is { Refusal: "other-outcome", Own: true, SameEvent: true, CouldRun: true } && c.Model.Model.Outcome.Timing == ModelOutcome.TimingNotStated))
            ?? candidates.Find(c => c.Refusal is null)
            ?? Loud(candidates.Find(c => c is { Refusal: "other-outcome", SameEvent: true, CouldRun: true }));
        return new(chosen?.Model, [.. candidates.Where(c => c != chosen && c.Worth).Select(c => c.Alternative())], warnings);

        Candidate? Loud(Candidate? candidate)
        {
            if (candidate is not null)
            {
                warnings.Add(Notices.OtherQuestion(PredictionText.Outcome(outcome), candidate.Model.Model.Id, PredictionText.Outcome(candidate.Model.Model.Outcome)));
            }
            return candidate;
        }
    }

    /// <summary>Chooses and predicts: the whole way from coded factors to an answer; null when the library has no model at all for the patient.</summary>
    public static Prediction? Predict(ModelLibrary models, string cancerType, string? histology, ModelOutcome? outcome, IReadOnlyList<CodedFactor> coded, IReadOnlyList<LabelInput>? labels = null)
    {
        var choice = Choose(models, cancerType, histology, outcome, coded, labels);
        if (choice.Model is null) { return null; }
        var prediction = Predictor.Predict(choice.Model, FactorDictionary.WithCase(coded, cancerType, histology), labels, choice.Alternatives);
        return choice.Warnings.Count == 0 ? prediction : prediction with { Warnings = [.. choice.Warnings, .. prediction.Warnings] };
    }

    private sealed class Candidate : IComparable<Candidate>
    {
        private readonly List<string> needs = [];
        private readonly int used;
        private readonly int averaged;
        private readonly int labelled;
        private readonly int unlabelled;
        private readonly bool named;
        private readonly string cancerType;
        private readonly string? outside;

        public Candidate(CompiledModel model, string cancerType, string? histology, ModelOutcome outcome, FactorSet factors, IReadOnlyList<LabelInput> labels)
        {
            Model = model;
            this.cancerType = cancerType;
            var source = model.Model;
            Own = source.CancerType == cancerType;
            named = histology is not null && source.Histologies.Contains(histology);
            var wrongHistology = source.Histologies.Count > 0 && !named;
            SameEvent = source.Outcome.Event == outcome.Event;
            var x = new double[model.Columns.Count];
            foreach (var term in model.Terms)
            {
                switch (term.Term)
                {
                    case InteractionTerm: continue;
                    case LabelTerm label:
                        var there = labels.Any(l => l.Trained && l.Withheld is null && (!l.Synthetic || source.CancerType == LabelTerm.SyntheticCancerType) && l.Modality == label.Factor && l.EncoderSha256 == label.EncoderSha256);
                        labelled += there ? 1 : 0;
                        unlabelled += there ? 0 : 1;
                        continue;
                    default: break;
                }
                switch (term.Fill(factors, x, out _, out _))
                {
                    case TermState.Used or TermState.OutOfRange: used++; break;
                    case TermState.Averaged when !term.Term.Required:
                        averaged++;
                        needs.Add(term.Term.Factor);
                        break;
                    case TermState.Refused or TermState.UnknownLevel:
                        outside ??= term.Term.Factor;
                        break;
                    default:
                        Lacking = true;
                        AddNeeds(term, factors);
                        break;
                }
            }
            if (source.Family == ModelFamily.Rate && RateRow(source, factors) is { } row)
            {
                used = row.When is null ? 0 : row.When.Factors().Count;
                if (row.When is null)
                {
                    foreach (var rate in source.Rates.Where(r => r.When is not null))
                    {
                        foreach (var name in rate.When!.Factors()) { if (factors[name] is null && !needs.Contains(name)) { needs.Add(name); } }
                    }
                }
            }
            else if (source.Family == ModelFamily.Rate) { outside = "population"; }
            CouldRun = !wrongHistology && !Lacking && outside is null && source.GivesProbability && source.Automatic && !source.Retired;
            Refusal = source.Retired ? "retired"
                : wrongHistology ? "other-histology"
                : !SameEvent || source.Outcome.Timing != outcome.Timing || source.Outcome.HorizonMonths != outcome.HorizonMonths ? "other-outcome"
                : !source.Automatic ? "only-by-id"
                : Lacking ? "needs-factors"
                : outside is not null ? "out-of-range"
                : source.Family == ModelFamily.Rule ? "gives-no-probability"
                : !source.GivesProbability ? "odds-ratio-only"
                : null;
        }

        public CompiledModel Model { get; }
        /// <summary>It is about this cancer type, not about any.</summary>
        public bool Own { get; }
        public bool SameEvent { get; }
        public bool CouldRun { get; }
        public string? Refusal { get; }
        private bool Lacking { get; }

        /// <summary>Worth mentioning to a person: not the whole library of other histologies and populations.</summary>
        public bool Worth => Refusal is not ("retired" or "other-histology") && (Own || Refusal is null);

        public int CompareTo(Candidate? other)
        {
            if (other is null) { return -1; }
            var order = other.Own.CompareTo(Own);
            if (order == 0) { order = other.labelled.CompareTo(labelled); }
            if (order == 0) { order = other.used.CompareTo(used); }
            if (order == 0) { order = other.named.CompareTo(named); }
            if (order == 0) { order = averaged.CompareTo(other.averaged); }
            if (order == 0) { order = unlabelled.CompareTo(other.unlabelled); }
            if (order == 0) { order = other.Model.Model.Evidence.Complete.CompareTo(Model.Model.Evidence.Complete); }
            if (order == 0) { order = (other.Model.Model.Cohort.Patients ?? 0).CompareTo(Model.Model.Cohort.Patients ?? 0); }
            return order != 0 ? order : string.CompareOrdinal(Model.Model.Id, other.Model.Model.Id);
        }

        public PredictionAlternative Alternative()
        {
            var source = Model.Model;
            var reason = Refusal ?? "less-specific";
            return new()
            {
                ModelId = source.Id,
                ModelVersion = source.Version,
                Title = source.Title,
                Outcome = source.Outcome,
                Needs = needs,
                Reason = reason,
                Text = reason switch
                {
                    "needs-factors" => $"would need {string.Join(", ", needs)}",
                    "other-outcome" => $"predicts {PredictionText.Outcome(source.Outcome).En}",
                    "only-by-id" => "is used only when asked for by its id",
                    "odds-ratio-only" => "gives odds ratios but no probability: its intercept was not published and cannot be solved",
                    "gives-no-probability" => "is a decision rule: it says positive or negative, not how likely",
                    "out-of-range" => $"does not cover this patient's {outside}",
                    _ => source.CancerType == cancerType ? "uses less of what is known" : "is not about this cancer type in particular",
                },
            };
        }

        private static ModelRate? RateRow(RiskModel model, FactorSet factors)
        {
            foreach (var rate in model.Rates)
            {
                if (rate.When is null || ConditionEvaluation.Holds(rate.When, factors) == true) { return rate; }
            }
            return null;
        }

        private void AddNeeds(CompiledTerm term, FactorSet factors)
        {
            if (term.Term is not ConditionalTerm conditional)
            {
                needs.Add(term.Term.Factor);
                return;
            }
            foreach (var name in conditional.Levels.Where(l => l.When is not null).SelectMany(l => l.When!.Factors()))
            {
                if (factors[name] is null && !needs.Contains(name)) { needs.Add(name); }
            }
        }
    }
}
