using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>
/// Everything a nomogram consists of, in points and free of pixels: the points scale, an axis (or several, for interactions) per factor, total points,
/// linear predictor, and probability by horizon. As rms::nomogram computes it.
/// </summary>
public sealed record NomogramGeometry
{
    private const int Intervals = 10;

    public required string ModelId { get; init; }
    public required string ModelVersion { get; init; }
    public required LocalText Title { get; init; }

    /// <summary>Points per unit of the linear predictor.</summary>
    public required double PointsPerUnit { get; init; }

    /// <summary>Linear predictor at zero total points.</summary>
    public required double LinearPredictorAtZero { get; init; }

    /// <summary>Least and most of the points scale; 0 and 100 unless a curve leaves them between its ticks.</summary>
    public required double Least { get; init; }
    public required double Most { get; init; }

    /// <summary>End of the total points scale.</summary>
    public required double TotalFrom { get; init; }
    public required double TotalTo { get; init; }
    public required IReadOnlyList<NomogramAxis> Axes { get; init; }

    /// <summary>Geometry of any model. A table of rates has one scale, in percent, with its strata; a decision rule has no axis at all.</summary>
    public static NomogramGeometry Compute(CompiledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Model.Family is ModelFamily.Rule or ModelFamily.Rate)
        {
            return WithoutPoints(model.Model);
        }
        var scale = model.Scale;
        var factorAxes = new List<NomogramAxis>();
        var sumLeast = 0.0;
        var sumMost = 0.0;
        var least = 0.0;
        var most = scale.Own ? 0 : PointScale.Most;
        for (var b = 0; b < model.Blocks.Length; b++)
        {
            var low = double.PositiveInfinity;
            var high = double.NegativeInfinity;
            for (var i = 0; i < scale.Lines[b].Length; i++)
            {
                var axis = FactorAxis(model, b, scale.Lines[b][i]) with { Line = i };
                factorAxes.Add(axis);
                low = Math.Min(low, axis.From);
                high = Math.Max(high, axis.To);
            }
            sumLeast += Math.Min(0, low);
            sumMost += high;
            least = Math.Min(least, low);
            most = Math.Max(most, high);
        }

        var pointTicks = scale.Own ? WholeTicks(least, most) : ScaleTicks(least, most);
        var totalTicks = scale.Own ? WholeTicks(sumLeast, sumMost) : ScaleTicks(sumLeast, Math.Max(sumMost, scale.PerUnit > 0 ? PointScale.Most : 1));
        var axes = new List<NomogramAxis>
        {
            Scale("points", new() { En = "Points", Zh = "分值", Ru = "Баллы" }, pointTicks),
        };
        axes.AddRange(factorAxes);
        axes.Add(Scale("total", new() { En = "Total points", Zh = "总分", Ru = "Сумма баллов" }, totalTicks));
        axes.AddRange(Answers(model, totalTicks[0], totalTicks[^1]));
        return new()
        {
            ModelId = model.Model.Id,
            ModelVersion = model.Model.Version,
            Title = model.Model.Title,
            PointsPerUnit = scale.PerUnit,
            LinearPredictorAtZero = scale.Offset,
            Least = Math.Min(least, pointTicks[0]),
            Most = Math.Max(most, pointTicks[^1]),
            TotalFrom = Math.Min(sumLeast, totalTicks[0]),
            TotalTo = Math.Max(sumMost, totalTicks[^1]),
            Axes = axes,
        };
    }

    /// <summary>The geometry as JSON; same model, same bytes.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, NomogramJson.Default.NomogramGeometry);

    private static NomogramGeometry WithoutPoints(RiskModel model)
    {
        var axes = new List<NomogramAxis>();
        var ticks = PrettyTicks.Of(0, 100 * Math.Max(0.001, model.Rates.Count == 0 ? 0.01 : model.Rates.Max(r => r.High ?? r.Rate)), Intervals);
        if (model.Rates.Count > 0)
        {
            axes.Add(new()
            {
                Kind = "rate",
                Label = PredictionText.Outcome(model.Outcome),
                From = ticks[0],
                To = ticks[^1],
                Ticks = [.. ticks.Select(t => new NomogramTick(t, CanonicalJson.Number(Math.Round(t, 10)) + " %", t / 100))],
            });
            foreach (var rate in model.Rates)
            {
                axes.Add(new() { Kind = "stratum", Label = rate.Label, From = 0, To = 100 * rate.Rate, Ticks = [new(100 * rate.Rate, NomogramWords.Percent(rate.Rate), rate.Rate)] });
            }
        }
        return new()
        {
            ModelId = model.Id,
            ModelVersion = model.Version,
            Title = model.Title,
            PointsPerUnit = 0,
            LinearPredictorAtZero = 0,
            Least = ticks[0],
            Most = ticks[^1],
            TotalFrom = ticks[0],
            TotalTo = ticks[^1],
            Axes = axes,
        };
    }

    private static NomogramAxis FactorAxis(CompiledModel model, int b, AxisLine line)
    {
        var block = model.Blocks[b];
        var predictor = block.Predictor;
        var ticks = line.Ticks.Select(tick => new NomogramTick(
            model.Scale.Points(b, tick.Contribution),
            tick.Level >= 0 ? TermLabels.Of(predictor, tick.Level) : CanonicalJson.Number(Math.Round(tick.Value, 10)),
            tick.Level >= 0 ? null : tick.Value)).ToList();
        var turns = new List<double>();
        var from = ticks.Min(t => t.Position);
        var to = ticks.Max(t => t.Position);
        var above = new bool[ticks.Count];
        if (predictor.IsNumber)
        {
            var x = new double[model.Columns.Count];
            foreach (var held in line.Setting) { PointScale.Fill(held.Term, held.Level, held.Value, x); }
            double At(double value)
            {
                PointScale.Fill(predictor, -1, value, x);
                model.FillProducts(x);
                return model.Scale.Points(b, block.Contribution(model, x));
            }
            if (predictor.Term is SplineTerm) { turns = AxisTurns.Of(At, ticks[0].Value!.Value, ticks[^1].Value!.Value); }
            foreach (var turn in turns)
            {
                var position = At(turn);
                from = Math.Min(from, position);
                to = Math.Max(to, position);
            }
            for (var i = 0; i < above.Length; i++) { above[i] = turns.Count(turn => turn < ticks[i].Value) % 2 == 1; }
        }
        else
        {
            // Levels close together are written on both sides of the line.
            var order = Enumerable.Range(0, above.Length).OrderBy(i => ticks[i].Position).ThenBy(i => i).ToArray();
            for (var i = 0; i < order.Length; i++) { above[order[i]] = i % 2 == 1; }
        }
        var label = TermLabels.Of(predictor.Term);
        return new()
        {
            Kind = "factor",
            Factor = predictor.Term.Factor,
            Label = line.Setting.Count == 0 ? label : Held(label, line.Setting),
            Unit = predictor.IsNumber && predictor.Term is not LabelTerm ? Unit(predictor) : null,
            From = from,
            To = to,
            Ticks = ticks,
            Above = above,
            Turns = turns,
        };
    }

    internal static string? Unit(CompiledTerm term)
    {
        var unit = term.Unit ?? FactorDictionary.Find(term.Term.Factor)?.Unit;
        return unit is null || unit.StartsWith('{') ? null : unit == "a" ? "years" : unit;
    }

    private static LocalText Held(LocalText label, IReadOnlyList<AxisSetting> setting)
    {
        string Text(string language) => $"{label.In(language)} ({string.Join(", ", setting.Select(s =>
            $"{TermLabels.Of(s.Term.Term).In(language)} = {(s.Level >= 0 ? TermLabels.Of(s.Term, s.Level).In(language) : CanonicalJson.Number(Math.Round(s.Value, 6)))}"))})";
        return new() { En = Text("en"), Zh = Text("zh"), Ru = Text("ru") };
    }

    private static NomogramAxis Scale(string kind, LocalText label, double[] ticks) => new()
    {
        Kind = kind,
        Label = label,
        From = ticks[0],
        To = ticks[^1],
        Ticks = [.. ticks.Select(t => new NomogramTick(t, CanonicalJson.Number(Math.Round(t, 10)), t))],
    };

    // A curve that dips a little below its ticks does not cost the scale a whole further step.
    private static double[] ScaleTicks(double low, double high)
    {
        const double Overshoot = 0.05;
        var from = low < -Overshoot * high ? low : 0;
        var to = from == 0 && high is > PointScale.Most and < PointScale.Most * (1 + Overshoot) ? PointScale.Most : high;
        return PrettyTicks.Of(from, to, Intervals);
    }

    private static double[] WholeTicks(double low, double high)
    {
        var step = Math.Max(1, Math.Ceiling((high - low) / 20));
        return [.. Enumerable.Range(0, (int)Math.Ceiling(Math.Max(1, high - low) / step) + 1).Select(i => Math.Floor(low) + (i * step))];
    }

    private static IEnumerable<NomogramAxis> Answers(CompiledModel model, double totalFrom, double totalTo)
    {
        var scale = model.Scale;
        var outcome = PredictionText.Outcome(model.Model.Outcome);
        if (model.Model.Family == ModelFamily.Score)
        {
            var ticks = model.Model.Bands.SelectMany(band => new[] { new NomogramTick(band.From, Percent(band.Risk), band.Risk), new NomogramTick(band.To, band.From == band.To ? "" : Percent(band.Risk), band.Risk) })
                .Where(t => t.Position >= totalFrom && t.Position <= totalTo && t.Text.En.Length > 0).ToList();
            if (ticks.Count > 0) { yield return new() { Kind = "risk-band", Label = outcome, From = ticks[0].Position, To = ticks[^1].Position, Ticks = ticks }; }
            yield break;
        }
        if (scale.PerUnit <= 0) { yield break; }

        double Lp(double total) => (total / scale.PerUnit) + scale.Offset;
        double Total(double lp) => (lp - scale.Offset) * scale.PerUnit;
        var lpTicks = PrettyTicks.Of(Lp(totalFrom), Lp(totalTo), Intervals).Where(t => Total(t) >= totalFrom - 1e-9 && Total(t) <= totalTo + 1e-9).ToList();
        if (lpTicks.Count > 0)
        {
            yield return new()
            {
                Kind = "linear-predictor",
                Label = model.Model.Intercept?.Value is null && model.Model.Family == ModelFamily.Logistic
                    ? new() { En = "Log odds ratio against the reference", Zh = "相对参照的对数比值比", Ru = "Логарифм отношения шансов к референту" }
                    : new() { En = "Linear predictor", Zh = "线性预测值", Ru = "Линейный предиктор" },
                From = Total(lpTicks[0]),
                To = Total(lpTicks[^1]),
                Ticks = [.. lpTicks.Select(t => new NomogramTick(Total(t), CanonicalJson.Number(Math.Round(t, 10)), t))],
            };
        }
        if (model.Model.Family == ModelFamily.Cox)
        {
            foreach (var point in model.Model.Baseline)
            {
                double Survival(double lp) => Math.Pow(point.Survival, Math.Exp(lp));
                var months = CanonicalJson.Number(point.Months);
                var axis = Probability(
                    p => Math.Log(Math.Log(p) / Math.Log(point.Survival)), Total, Survival(Lp(totalTo)), Survival(Lp(totalFrom)), totalFrom, totalTo,
                    model.Model.Outcome.Event == "death"
                        ? new() { En = $"{months}-month survival", Zh = $"{months}个月生存率", Ru = $"Выживаемость {months} мес." }
                        : new() { En = $"Free of event at {months} months", Zh = $"{months}个月无事件概率", Ru = $"Без события к {months} мес." }, point.Months);
                if (axis is not null && point.Survival < 1) { yield return axis; }
            }
            yield break;
        }
        if (model.Model.Intercept?.Value is null) { yield break; }
        var risk = Probability(PredictionDraft.Logit, Total, PredictionDraft.Logistic(Lp(totalFrom)), PredictionDraft.Logistic(Lp(totalTo)), totalFrom, totalTo,
            new() { En = $"Probability of {outcome.En}", Zh = $"{outcome.Zh}概率", Ru = $"Вероятность: {outcome.Ru}" }, null);
        if (risk is not null) { yield return risk; }
    }

    private static NomogramAxis? Probability(Func<double, double> inverse, Func<double, double> total, double low, double high, double totalFrom, double totalTo, LocalText label, double? months)
    {
        var ticks = new List<NomogramTick>();
        foreach (var p in ProbabilityTicks.Between(low, high))
        {
            var position = total(inverse(p));
            if (double.IsFinite(position) && position >= totalFrom && position <= totalTo) { ticks.Add(new(position, Percent(p), p)); }
        }
        if (ticks.Count == 0) { return null; }
        ticks.Sort(static (a, b) => a.Position.CompareTo(b.Position));
        return new() { Kind = "probability", Label = label, Months = months, From = ticks[0].Position, To = ticks[^1].Position, Ticks = ticks };
    }

    private static string Percent(double p) => CanonicalJson.Number(Math.Round(p * 100, 6)) + " %";
}
