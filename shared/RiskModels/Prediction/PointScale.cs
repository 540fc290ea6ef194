namespace BoneMet.RiskModels;

/// <summary>
/// The scale of points, as rms::nomogram has it: the block whose ticks span most of the linear predictor spans 0–100; others in proportion;
/// each block's smallest tick is zero points. In a point score, points are the score's own.
/// </summary>
internal sealed class PointScale
{
    public const double Most = 100;
    private const int Intervals = 10;

    private PointScale(AxisLine[][] lines, double[] least, double perUnit, double offset, bool own)
    {
        Lines = lines;
        Least = least;
        PerUnit = perUnit;
        Offset = offset;
        Own = own;
    }

    /// <summary>Lines of each block.</summary>
    public AxisLine[][] Lines { get; }

    /// <summary>Smallest contribution on each block's ticks.</summary>
    public double[] Least { get; }

    /// <summary>Points per unit of the linear predictor.</summary>
    public double PerUnit { get; }

    /// <summary>Linear predictor at zero points.</summary>
    public double Offset { get; }

    /// <summary>True: points are the model's own (a score).</summary>
    public bool Own { get; }

    public double Points(int block, double contribution) => (contribution - Least[block]) * PerUnit;

    /// <summary>The line of a block on which a patient's mark belongs: same levels of the interacting factors, nearest held number.</summary>
    public int LineOf(int block, IReadOnlyList<CompiledTerm> members, Func<CompiledTerm, int> level, Func<CompiledTerm, double> value)
    {
        if (members.Count == 1) { return 0; }
        var best = 0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < Lines[block].Length; i++)
        {
            var distance = 0.0;
            foreach (var held in Lines[block][i].Setting)
            {
                distance += held.Level >= 0
                    ? held.Level == level(held.Term) ? 0 : 1
                    : Math.Abs(held.Value - value(held.Term)) / (held.Term.High - held.Term.Low);
            }
            if (distance < least) { (least, best) = (distance, i); }
        }
        return best;
    }

    public static PointScale Of(CompiledModel model)
    {
        var x = new double[model.Columns.Count];
        var lines = new AxisLine[model.Blocks.Length][];
        var least = new double[lines.Length];
        var widest = 0.0;
        for (var b = 0; b < lines.Length; b++)
        {
            lines[b] = LinesOf(model, model.Blocks[b], x);
            var low = double.PositiveInfinity;
            var high = double.NegativeInfinity;
            foreach (var line in lines[b])
            {
                foreach (var tick in line.Ticks)
                {
                    low = Math.Min(low, tick.Contribution);
                    high = Math.Max(high, tick.Contribution);
                }
            }
            least[b] = double.IsFinite(low) ? low : 0;
            widest = Math.Max(widest, high - low);
        }
        if (model.Model.Family == ModelFamily.Score) { return new(lines, new double[lines.Length], 1, 0, own: true); }

        var offset = model.Offset;
        foreach (var low in least) { offset += low; }
        return new(lines, least, widest > 0 ? Most / widest : 0, offset, own: false);
    }

    private static AxisLine[] LinesOf(CompiledModel model, TermBlock block, double[] x)
    {
        var lines = new List<AxisLine>();
        foreach (var setting in Settings(block))
        {
            Array.Clear(x);
            foreach (var held in setting) { Fill(held.Term, held.Level, held.Value, x); }
            var ticks = new List<AxisTick>();
            foreach (var (level, value) in Values(block.Predictor))
            {
                Fill(block.Predictor, level, value, x);
                model.FillProducts(x);
                ticks.Add(new(value, level, block.Contribution(model, x)));
            }
            lines.Add(new(setting, ticks));
        }
        return [.. lines];
    }

    internal static void Fill(CompiledTerm term, int level, double value, Span<double> x)
    {
        if (level >= 0) { term.FillLevel(level, x); }
        else { term.FillNumber(value, x, out _); }
    }

    private static IEnumerable<(int Level, double Value)> Values(CompiledTerm term) => term.IsNumber
        ? PrettyTicks.Of(term.Low, term.High, Intervals).Select(value => (-1, value))
        : Enumerable.Range(0, term.Levels.Count).Select(level => (level, double.NaN));

    // As R's expand.grid: the first factor varies fastest. A number among the interacting factors is held at its ends and its middle.
    private static List<AxisSetting[]> Settings(TermBlock block)
    {
        const int MostLines = 64;
        var settings = new List<AxisSetting[]> { Array.Empty<AxisSetting>() };
        foreach (var other in Enumerable.Reverse(block.Others))
        {
            var values = other.IsNumber
                ? [.. new[] { other.Low, (other.Low + other.High) / 2, other.High }.Select(value => new AxisSetting(other, -1, value))]
                : Enumerable.Range(0, other.Levels.Count).Select(level => new AxisSetting(other, level, double.NaN)).ToArray();
            if (settings.Count * values.Length > MostLines) { values = values[..Math.Max(1, MostLines / settings.Count)]; }
            settings = [.. settings.SelectMany(rest => values.Select(value => (AxisSetting[])[value, .. rest]))];
        }
        return settings;
    }
}
