namespace BoneMet.RiskModels;

/// <summary>A model made ready for use once: design columns, point scale, identity. Immutable; safe on any number of threads.</summary>
public sealed class CompiledModel
{
    private readonly HashSet<string> factors = new(StringComparer.Ordinal);

    /// <summary>Prepares <paramref name="model"/>, which must have passed <see cref="ModelFile.Load(ReadOnlySpan{byte})"/> or <see cref="ModelChecks"/>.</summary>
    public CompiledModel(RiskModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Sha256 = ModelFile.Sha256(model);
        var terms = new List<CompiledTerm>();
        var column = 0;
        foreach (var term in model.Terms)
        {
            var compiled = new CompiledTerm(term, column);
            terms.Add(compiled);
            column += compiled.Columns;
        }
        Terms = [.. terms];
        Columns = [.. terms.SelectMany(t => t.Names)];
        Beta = [.. terms.SelectMany(t => t.Coefficients).Select(c => c.Beta)];
        Offset = model.Family == ModelFamily.Cox ? -(model.Centre ?? 0) : model.Intercept?.Value ?? 0;
        Products = ProductColumns();
        Variance = LinearVariance.Of(this);
        Blocks = TermBlock.Of(this);
        Scale = PointScale.Of(this);
        foreach (var name in NeededFactors()) { factors.Add(name); }
    }

    public RiskModel Model { get; }

    /// <summary>SHA-256 of the model's canonical form.</summary>
    public string Sha256 { get; }

    /// <summary>Names of the design columns: "age", "age'", "sex=male", "age * sex=male". References have columns too, with β = 0.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Factors that the model looks at.</summary>
    public IReadOnlyCollection<string> Factors => factors;

    internal CompiledTerm[] Terms { get; }
    internal double[] Beta { get; }
    internal double Offset { get; }
    internal (int Target, int First, int Second)[] Products { get; }
    internal LinearVariance Variance { get; }
    internal TermBlock[] Blocks { get; }
    internal PointScale Scale { get; }

    /// <summary>True when the model looks at a factor of this name.</summary>
    public bool Takes(string factor) => factors.Contains(factor);

    internal void FillProducts(Span<double> x)
    {
        foreach (var (target, first, second) in Products) { x[target] = x[first] * x[second]; }
    }

    internal double Contribution(CompiledTerm term, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var i = 0; i < term.Columns; i++) { sum += Beta[term.FirstColumn + i] * x[term.FirstColumn + i]; }
        return sum;
    }

    /// <summary>The numbers alone, for batches: no words, no alternatives. <paramref name="x"/> is scratch space of one number per column.</summary>
    internal QuickAnswer Quick(FactorSet patient, double[] x)
    {
        if (Model.Family is ModelFamily.Rate or ModelFamily.Rule || Model.Family == ModelFamily.Score)
        {
            return Slow(patient);
        }
        foreach (var term in Terms)
        {
            if (term.Term is InteractionTerm) { continue; }
            var state = term.Fill(patient, x, out _, out _);
            if (state is TermState.Used or TermState.OutOfRange || (state == TermState.Averaged && !term.Term.Required) || term.Term is LabelTerm) { continue; }
            return Slow(patient);
        }
        FillProducts(x);
        var sum = Offset;
        for (var i = 0; i < x.Length; i++) { sum += Beta[i] * x[i]; }
        var total = 0.0;
        for (var b = 0; b < Blocks.Length; b++) { total += Scale.Points(b, Blocks[b].Contribution(this, x)); }
        if (Model.Family == ModelFamily.Cox)
        {
            var point = Model.Baseline.FirstOrDefault(b => b.Months == Model.Outcome.HorizonMonths) ?? Model.Baseline[^1];
            return new(1 - Math.Pow(point.Survival, Math.Exp(sum)), sum, total, null, null, null);
        }
        if (Model.Intercept?.Value is null) { return new(null, null, total, null, null, Notices.NoAbsoluteRisk(Model.Id).En); }
        if (Variance.Kind == LinearVariance.NotAvailable) { return new(PredictionDraft.Logistic(sum), sum, total, null, null, null); }
        var variance = Variance.At(x);
        if (Variance.IsUnknown(variance)) { return new(PredictionDraft.Logistic(sum), sum, total, null, null, null); }
        var half = WilsonInterval.Z * Math.Sqrt(Math.Max(0, variance));
        return new(PredictionDraft.Logistic(sum), sum, total, PredictionDraft.Logistic(sum - half), PredictionDraft.Logistic(sum + half), null);
    }

    private QuickAnswer Slow(FactorSet patient)
    {
        var prediction = Predictor.Predict(this, patient.All);
        return new(prediction.Probability, prediction.LinearPredictor, prediction.TotalPoints, prediction.Interval.Low, prediction.Interval.High,
            prediction.Refusals.Count > 0 ? string.Join(" ", prediction.Refusals.Select(r => r.Reason.En)) : null);
    }

    private (int, int, int)[] ProductColumns()
    {
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Columns.Count; i++) { position.TryAdd(Columns[i], i); }
        var products = new List<(int, int, int)>();
        foreach (var term in Terms)
        {
            if (term.Term is not InteractionTerm interaction) { continue; }
            for (var i = 0; i < interaction.Products.Count; i++)
            {
                products.Add((term.FirstColumn + i, position[interaction.Products[i].First], position[interaction.Products[i].Second]));
            }
        }
        return [.. products];
    }

    private IEnumerable<string> NeededFactors()
    {
        foreach (var term in Model.Terms)
        {
            switch (term)
            {
                case InteractionTerm or LabelTerm: break;
                case ConditionalTerm conditional:
                    foreach (var name in conditional.Levels.Where(l => l.When is not null).SelectMany(l => l.When!.Factors())) { yield return name; }
                    break;
                default: yield return term.Factor; break;
            }
        }
        foreach (var name in Model.Criteria.SelectMany(c => c.When.Factors())) { yield return name; }
        foreach (var name in Model.Rates.Where(r => r.When is not null).SelectMany(r => r.When!.Factors())) { yield return name; }
    }
}
