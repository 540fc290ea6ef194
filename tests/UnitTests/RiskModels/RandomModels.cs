using BoneMet.RiskModels;

namespace BoneMet.UnitTests.RiskModels;

/// <summary>Random model documents that are valid, and random patients for them. The same seed gives the same model.</summary>
internal sealed class RandomModels(int seed)
{
    private readonly Random random = new(seed);

    public RiskModel Model()
    {
        var family = random.Next(4) switch { 0 => ModelFamily.Cox, _ => ModelFamily.Logistic };
        var terms = new List<ModelTerm>();
        var count = 1 + random.Next(random.Next(5) == 0 ? 30 : 8);
        for (var i = 0; i < count; i++) { terms.Add(Term(i)); }
        if (terms.Count > 1 && random.Next(3) == 0 && Product(terms) is { } interaction) { terms.Add(interaction); }
        return new()
        {
            Id = $"random-{seed & int.MaxValue}",
            Version = "1.0.0",
            Title = "Random",
            CancerType = "other",
            Family = family,
            Outcome = family == ModelFamily.Cox ? new() { Event = "death", Timing = ModelOutcome.Survival, HorizonMonths = 12 } : ModelOutcome.SynchronousBoneMetastasis,
            UsedAt = FactorTime.FollowUp,
            Intercept = family == ModelFamily.Cox ? null : new() { Origin = ModelIntercept.Fitted, Value = Beta() * 3 },
            Centre = family == ModelFamily.Cox ? Beta() : null,
            Baseline = family == ModelFamily.Cox ? [new() { Months = 12, Survival = 0.3 + (0.69 * random.NextDouble()) }, new() { Months = 36, Survival = 0.29 * (0.1 + random.NextDouble() * 0.9) }] : [],
            Terms = terms,
            Cohort = new() { Description = "none" },
            Evidence = new() { Citation = "random", Complete = true },
            IntendedUse = "a test",
            NotFor = "anything else",
        };
    }

    public List<CodedFactor> Patient(RiskModel model)
    {
        var coded = new List<CodedFactor>();
        foreach (var term in model.Terms)
        {
            switch (term)
            {
                case CategoricalTerm t: coded.Add(new() { Name = t.Factor, Level = t.Levels[random.Next(t.Levels.Count)].Level }); break;
                case LinearTerm t: coded.Add(Between(t.Factor, t.Low, t.High)); break;
                case SplineTerm t: coded.Add(Between(t.Factor, t.Low, t.High)); break;
                case BinnedTerm t: coded.Add(Between(t.Factor, (t.Bins[0].To ?? 1) - 5, (t.Bins[^1].From ?? 1) + 5)); break;
                default: break;
            }
        }
        return coded;
    }

    private CodedFactor Between(string name, double low, double high) => new() { Name = name, Number = low + ((high - low) * random.NextDouble()) };

    private double Beta() => random.Next(12) == 0 ? 0 : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 2));

    private Coefficient Beta(double scale) => new() { Beta = Beta() / scale };

    private ModelTerm Term(int i)
    {
        var name = $"x{i}";
        var low = (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-2, 5));
        var width = (0.05 + random.NextDouble()) * Math.Pow(10, random.Next(-2, 5)) + (Math.Abs(low) * 1e-3);
        switch (random.Next(4))
        {
            case 0: return new LinearTerm { Factor = name, Coefficient = Beta(width), Low = low, High = low + width };
            case 1:
                var k = 3 + random.Next(5);
                var knots = Enumerable.Range(0, k).Select(j => low + (width * (j + 0.2 + (0.6 * random.NextDouble())) / k)).ToList();
                return new SplineTerm { Factor = name, Knots = knots, Coefficients = [.. Enumerable.Range(0, k - 1).Select(_ => Beta(width))], Low = low, High = low + width };
            case 2:
                var edges = Enumerable.Range(1, 1 + random.Next(4)).Select(j => low + (width * j)).ToList();
                return new BinnedTerm
                {
                    Factor = name,
                    Bins = [.. Enumerable.Range(0, edges.Count + 1).Select(j => new TermLevel
                    {
                        Level = $"bin {j}",
                        From = j == 0 ? null : edges[j - 1],
                        To = j == edges.Count ? null : edges[j],
                        IsReference = j == 0,
                        Coefficient = j == 0 ? Coefficient.Reference : Beta(1),
                    })],
                };
            default:
                return new CategoricalTerm
                {
                    Factor = name,
                    Levels = [.. Enumerable.Range(0, 2 + random.Next(5)).Select(j => new TermLevel { Level = $"level {j} 级 уровень"[..(7 + random.Next(8))] + j, IsReference = j == 0, Coefficient = j == 0 ? Coefficient.Reference : Beta(1) })],
                };
        }
    }

    private InteractionTerm? Product(List<ModelTerm> terms)
    {
        var number = terms.Find(t => t is LinearTerm or SplineTerm);
        var levels = terms.OfType<CategoricalTerm>().FirstOrDefault();
        if (number is null || levels is null) { return null; }
        var width = number is LinearTerm l ? l.High - l.Low : ((SplineTerm)number).High - ((SplineTerm)number).Low;
        return new()
        {
            Factor = $"{number.Factor} * {levels.Factor}",
            Products = [.. levels.Levels.Skip(1).Select(level => new InteractionProduct { First = number.Factor, Second = $"{levels.Factor}={level.Level}", Coefficient = Beta(width) })],
        };
    }
}
