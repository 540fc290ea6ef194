using System.Collections.Frozen;

namespace BoneMet.RiskModels;

/// <summary>A term with its place among the design columns, ready to be filled from a patient's factors.</summary>
internal sealed class CompiledTerm
{
    private readonly double scale;
    private readonly double[] knots = [];
    private readonly FrozenDictionary<string, int> levelIndex;
    private readonly double[]? means;

    public CompiledTerm(ModelTerm term, int firstColumn)
    {
        Term = term;
        FirstColumn = firstColumn;
        Levels = term switch { CategoricalTerm t => t.Levels, ConditionalTerm t => t.Levels, BinnedTerm t => t.Bins, _ => [] };
        (scale, Low, High) = term switch
        {
            LinearTerm t => (UnitScale.From(t.Factor, t.Unit), t.Low, t.High),
            SplineTerm t => (UnitScale.From(t.Factor, t.Unit), t.Low, t.High),
            BinnedTerm t => (UnitScale.From(t.Factor, t.Unit), double.NaN, double.NaN),
            LabelTerm t => (1, -t.Bound, t.Bound),
            _ => (1.0, double.NaN, double.NaN),
        };
        if (term is SplineTerm spline) { knots = [.. spline.Knots]; }
        Coefficients = term switch
        {
            LinearTerm t => [t.Coefficient],
            LabelTerm t => [t.Coefficient],
            SplineTerm t => t.Coefficients,
            InteractionTerm t => [.. t.Products.Select(p => p.Coefficient)],
            _ => [.. Levels.Select(l => l.Coefficient)],
        };
        Names = term switch
        {
            LinearTerm or LabelTerm => [term.Factor],
            SplineTerm => [.. Enumerable.Range(0, Coefficients.Count).Select(i => term.Factor + new string('\'', i))],
            InteractionTerm t => [.. t.Products.Select(p => $"{p.First} * {p.Second}")],
            _ => [.. Levels.Select(l => $"{term.Factor}={l.Level}")],
        };
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        if (term is CategoricalTerm)
        {
            for (var i = 0; i < Levels.Count; i++)
            {
                if (Levels[i].Of.Count == 0) { index.TryAdd(Levels[i].Level, i); }
                foreach (var of in Levels[i].Of) { index.TryAdd(of, i); }
            }
        }
        levelIndex = index.ToFrozenDictionary(StringComparer.Ordinal);
        means = Means();
    }

    public ModelTerm Term { get; }
    public int FirstColumn { get; }
    public int Columns => Coefficients.Count;
    public IReadOnlyList<TermLevel> Levels { get; }
    public IReadOnlyList<Coefficient> Coefficients { get; }
    public IReadOnlyList<string> Names { get; }

    /// <summary>Ends of a number's axis, in the model's unit; NaN for levels.</summary>
    public double Low { get; }
    public double High { get; }
    public bool IsNumber => Term is LinearTerm or SplineTerm or LabelTerm;
    public string? Unit => Term switch { LinearTerm t => t.Unit, SplineTerm t => t.Unit, BinnedTerm t => t.Unit, _ => null };
    public bool HasMeans => means is not null;

    /// <summary>Fills this term's columns of <paramref name="x"/> from the patient, and says how.</summary>
    public TermState Fill(FactorSet factors, Span<double> x, out int level, out double value)
    {
        level = -1;
        value = double.NaN;
        if (Term is ConditionalTerm)
        {
            for (var i = 0; i < Levels.Count; i++)
            {
                var holds = ConditionEvaluation.Holds(Levels[i].When!, factors);
                if (holds == true)
                {
                    level = i;
                    FillLevel(i, x);
                    return TermState.Used;
                }
                if (holds is null) { return Average(x); }
            }
            Average(x);
            return TermState.UnknownLevel;
        }

        if (factors[Term.Factor] is not { } coded) { return Average(x); }
        if (Term is CategoricalTerm)
        {
            if (!levelIndex.TryGetValue(coded.Level ?? CanonicalJson.Number(coded.Number ?? 0), out level))
            {
                level = -1;
                Average(x);
                return TermState.UnknownLevel;
            }
            FillLevel(level, x);
            return TermState.Used;
        }
        if ((coded.Number ?? LevelNumber(coded.Level)) is not { } number) { return Average(x); }
        value = number * scale;
        return FillNumber(value, x, out level);
    }

    /// <summary>Fills the columns for a number in the model's own unit.</summary>
    public TermState FillNumber(double value, Span<double> x, out int level)
    {
        level = -1;
        switch (Term)
        {
            case BinnedTerm:
                for (var i = 0; i < Levels.Count; i++)
                {
                    if (!(value < Levels[i].From) && !(value >= Levels[i].To))
                    {
                        level = i;
                        FillLevel(i, x);
                        return TermState.Used;
                    }
                }
                Average(x);
                return TermState.Refused;
            case LinearTerm linear:
                x[FirstColumn] = value;
                return Within(value, linear.RefuseOutside);
            case SplineTerm spline:
                Spline(value, x[FirstColumn..]);
                return Within(value, spline.RefuseOutside);
            default:
                x[FirstColumn] = Math.Clamp(value, Low, High);
                return TermState.Used;
        }
    }

    public void FillLevel(int level, Span<double> x)
    {
        x.Slice(FirstColumn, Columns).Clear();
        x[FirstColumn + level] = 1;
    }

    public TermState Average(Span<double> x)
    {
        var mine = x.Slice(FirstColumn, Columns);
        if (means is null)
        {
            mine.Clear();
            return Term is LabelTerm ? TermState.Averaged : TermState.Missing;
        }
        means.CopyTo(mine);
        return TermState.Averaged;
    }

    /// <summary>The restricted cubic basis: x, then k−2 columns, scaled by (t_k − t₁)².</summary>
    private void Spline(double x, Span<double> into)
    {
        var k = knots.Length;
        into[0] = x;
        var last = knots[k - 1];
        var before = knots[k - 2];
        var scale2 = (last - knots[0]) * (last - knots[0]);
        var end = Cube(x - last);
        var nearEnd = Cube(x - before);
        for (var j = 0; j < k - 2; j++)
        {
            into[j + 1] = (Cube(x - knots[j]) - (nearEnd * (last - knots[j]) / (last - before)) + (end * (before - knots[j]) / (last - before))) / scale2;
        }

        static double Cube(double value) => value > 0 ? value * value * value : 0;
    }

    private TermState Within(double value, bool refuse) => value >= Low && value <= High ? TermState.Used : refuse ? TermState.Refused : TermState.OutOfRange;

    private static double? LevelNumber(string? level) => double.TryParse(level, out var number) ? number : null;

    private double[]? Means()
    {
        if (Term is LinearTerm linear) { return linear.Mean is { } mean ? [mean] : null; }
        if (Term is SplineTerm spline) { return spline.Means is { } given && given.Count == Coefficients.Count ? [.. given] : null; }
        if (Term is LabelTerm) { return [0]; }
        return CohortShares.Of(Levels);
    }
}
