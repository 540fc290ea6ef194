using BoneMet.Statistics.Tables;

namespace BoneMet.Statistics.Simulation;

/// <summary>Draws synthetic cohorts whose true effects are known. Each patient has its own random stream, so the first n of a larger cohort are the same.</summary>
public static class CohortSimulator
{
    private const int CalibrationDraws = 20_000;

    /// <summary>Draws <paramref name="patients"/> patients.</summary>
    public static SimulatedCohort Draw(SimulationPlan plan, int patients, long seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (patients < 1) { throw new TableException("A synthetic cohort needs at least one patient."); }
        if (plan.Cancers.Count == 0 || plan.Sites.Count == 0) { throw new TableException("A synthetic cohort needs at least one cancer type and one site."); }
        var names = plan.Cancers.SelectMany(c => c.Factors).Select(f => f.Name).Distinct(StringComparer.Ordinal).ToArray();
        var siteStream = new RandomStream(seed, -1);
        var sites = plan.Sites.Select(_ => plan.SiteDeviation * siteStream.Normal()).ToArray();
        var intercepts = plan.Cancers.Select((c, i) => c.Intercept ?? Solve(c, seed, -2 - i)).ToArray();
        var shares = plan.Cancers.Select(c => c.Share).ToArray();

        var ids = new int[patients];
        var site = new int[patients];
        var cancer = new int[patients];
        var outcome = new double[patients];
        var time = new double[patients];
        var status = new double[patients];
        var logits = new double[patients];
        var cells = names.ToDictionary(n => n, _ => new double[patients], StringComparer.Ordinal);
        foreach (var column in cells.Values) { Array.Fill(column, double.NaN); }
        for (var i = 0; i < patients; i++)
        {
            if (i % 4096 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report((double)i / patients);
            }
            var random = new RandomStream(seed, i + 1);
            ids[i] = i;
            site[i] = random.Below(plan.Sites.Count);
            cancer[i] = random.Pick(shares);
            var type = plan.Cancers[cancer[i]];
            var logit = intercepts[cancer[i]] + sites[site[i]];
            foreach (var factor in type.Factors)
            {
                var (value, effect) = Value(factor, random);
                logit += effect;
                cells[factor.Name][i] = plan.MissingShare > 0 && random.Uniform() < plan.MissingShare ? double.NaN : value;
            }
            logits[i] = logit;
            outcome[i] = random.Uniform() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
            var death = random.Exponential() / (plan.Hazard * Math.Exp(plan.HazardPerLogit * logit));
            var censored = plan.FollowUp * (0.1 + (0.9 * random.Uniform()));
            time[i] = Math.Max(0.01, Math.Round(Math.Min(death, censored), 2));
            status[i] = death <= censored ? 1 : 0;
        }
        var digits = Math.Max(6, patients.ToString().Length);
        var columns = new List<Column>
        {
            new CategoricalColumn("synthetic_id", ids, [.. Enumerable.Range(1, patients).Select(i => "SYN" + i.ToString("D" + digits))]),
            Levels("site", site, plan.Sites),
            Levels("cancer", cancer, [.. plan.Cancers.Select(c => c.Name)]),
        };
        foreach (var name in names)
        {
            var levels = plan.Cancers.SelectMany(c => c.Factors).Where(f => f.Name == name && f.Levels is not null).SelectMany(f => f.Levels!).Distinct(StringComparer.Ordinal).ToArray();
            columns.Add(levels.Length == 0 ? new NumericColumn(name, cells[name]) : Levels(name, Codes(plan, cancer, name, cells[name], levels), levels));
        }
        columns.Add(new NumericColumn(plan.Outcome, outcome));
        columns.Add(new NumericColumn("time", time));
        columns.Add(new NumericColumn("status", status));
        progress?.Report(1);
        return new(new Table(columns), logits, intercepts, sites);
    }

    private static int[] Codes(SimulationPlan plan, int[] cancer, string name, double[] cells, string[] levels)
    {
        var maps = plan.Cancers.Select(c => c.Factors.FirstOrDefault(f => f.Name == name)?.Levels?.Select(l => Array.IndexOf(levels, l)).ToArray()).ToArray();
        return [.. cells.Select((value, i) => double.IsNaN(value) ? -1 : maps[cancer[i]]![(int)value])];
    }

    private static CategoricalColumn Levels(string name, int[] codes, IReadOnlyList<string> levels)
    {
        var sorted = levels.Order(LevelOrder.Instance).ToArray();
        var map = levels.Select(l => Array.IndexOf(sorted, l)).ToArray();
        return new(name, [.. codes.Select(c => c < 0 ? -1 : map[c])], sorted);
    }

    private static (double Value, double Effect) Value(SimulatedFactor factor, RandomStream random)
    {
        if (factor.Levels is not null)
        {
            var level = random.Pick([.. factor.Shares!]);
            return (level, factor.Effects![level]);
        }
        var draw = factor.Mean + (factor.Deviation * random.Normal());
        if (factor.LogNormal) { draw = Math.Exp(draw); }
        draw = Math.Round(Math.Clamp(draw, factor.Minimum, factor.Maximum), factor.Decimals);
        return (draw, factor.Slope * draw);
    }

    /// <summary>Intercept at which the mean risk over the factors' distribution is the prevalence.</summary>
    private static double Solve(SimulatedCancer cancer, long seed, long stream)
    {
        if (cancer.Prevalence is not (> 0 and < 1)) { throw new TableException($"{cancer.Name} has neither an intercept nor a prevalence between 0 and 1."); }
        var random = new RandomStream(seed, stream);
        var effects = new double[CalibrationDraws];
        for (var i = 0; i < effects.Length; i++) { foreach (var factor in cancer.Factors) { effects[i] += Value(factor, random).Effect; } }
        double low = -60, high = 60;
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            var mean = 0.0;
            foreach (var effect in effects) { mean += 1 / (1 + Math.Exp(-(middle + effect))); }
            if (mean / effects.Length > cancer.Prevalence) { high = middle; } else { low = middle; }
        }
        return (low + high) / 2;
    }
}
