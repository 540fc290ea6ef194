namespace BoneMet.RiskModels;

/// <summary>Terms that share one axis set: a term by itself, or all terms that interactions tie together (rms draws them on one axis per combination).</summary>
internal sealed class TermBlock
{
    private TermBlock(CompiledTerm predictor, IReadOnlyList<CompiledTerm> others, IReadOnlyList<CompiledTerm> products)
    {
        Predictor = predictor;
        Others = others;
        Products = products;
    }

    /// <summary>The term whose values run along the axis: a number before levels, as rms orders them.</summary>
    public CompiledTerm Predictor { get; }
    public IReadOnlyList<CompiledTerm> Others { get; }
    public IReadOnlyList<CompiledTerm> Products { get; }
    public IEnumerable<CompiledTerm> Terms => [Predictor, .. Others, .. Products];

    public static TermBlock[] Of(CompiledModel model)
    {
        var main = model.Terms.Where(t => t.Term is not InteractionTerm).ToList();
        var owner = new Dictionary<int, CompiledTerm>();
        foreach (var term in main)
        {
            for (var i = 0; i < term.Columns; i++) { owner[term.FirstColumn + i] = term; }
        }
        var group = main.ToDictionary(t => t, t => t);
        CompiledTerm Root(CompiledTerm term)
        {
            while (group[term] != term) { term = group[term]; }
            return term;
        }
        foreach (var (target, first, second) in model.Products)
        {
            if (owner.TryGetValue(first, out var a) && owner.TryGetValue(second, out var b)) { group[Root(b)] = Root(a); }
        }
        return
        [
            .. main.GroupBy(Root).Select(terms =>
            {
                var members = terms.ToList();
                var predictor = members.Find(t => t.IsNumber) ?? members[0];
                var products = model.Terms.Where(t => t.Term is InteractionTerm && model.Products.Any(p =>
                    p.Target >= t.FirstColumn && p.Target < t.FirstColumn + t.Columns && owner.TryGetValue(p.First, out var own) && members.Contains(own)));
                return new TermBlock(predictor, [.. members.Where(t => t != predictor)], members.Count == 1 ? [] : [.. products]);
            }),
        ];
    }

    /// <summary>Contribution of the whole block to the linear predictor.</summary>
    public double Contribution(CompiledModel model, ReadOnlySpan<double> x)
    {
        var sum = model.Contribution(Predictor, x);
        foreach (var other in Others) { sum += model.Contribution(other, x); }
        foreach (var product in Products) { sum += model.Contribution(product, x); }
        return sum;
    }
}
