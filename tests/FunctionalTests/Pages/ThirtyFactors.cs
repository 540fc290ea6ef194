using BoneMet.RiskModels;

namespace BoneMet.FunctionalTests.Pages;

/// <summary>A made-up model of thirty factors: numbers, curves that turn, levels, and curves that depend on a level. No publication stands behind it.</summary>
internal static class ThirtyFactors
{
    private const int Count = 30;

    public static RiskModel Model()
    {
        var random = new Random(30);
        var terms = Enumerable.Range(0, Count).Select(i => Term(i, random)).ToList();
        var curve = terms.OfType<SplineTerm>().First();
        var levels = terms.OfType<CategoricalTerm>().First();
        terms.Add(new InteractionTerm
        {
            Factor = $"{curve.Factor} * {levels.Factor}",
            Products = [.. levels.Levels.Skip(1).Select((level, i) => new InteractionProduct { First = curve.Factor, Second = $"{levels.Factor}={level.Level}", Coefficient = new() { Beta = 0.01 * (i + 1), StandardError = 0.004 } })],
        });
        return new()
        {
            Id = "thirty-factors",
            Version = "1.0.0",
            Title = new() { En = "Thirty factors (made up)", Zh = "三十个因素（虚构）", Ru = "Тридцать факторов (выдуманы)" },
            CancerType = "other",
            Family = ModelFamily.Logistic,
            Outcome = ModelOutcome.SynchronousBoneMetastasis,
            UsedAt = FactorTime.FollowUp,
            Intercept = new() { Origin = ModelIntercept.Fitted, Value = -3, StandardError = 0.2 },
            Terms = terms,
            Cohort = new() { Description = "none" },
            Evidence = new() { Citation = "made up", Complete = true },
            IntendedUse = "a test",
            NotFor = "anything else",
        };
    }

    public static IReadOnlyList<CodedFactor> Patient(int seed)
    {
        var random = new Random(seed);
        return [.. Model().Terms.Where(term => term is not InteractionTerm).Select(term => term switch
        {
            CategoricalTerm levels => new CodedFactor { Name = term.Factor, Level = levels.Levels[random.Next(levels.Levels.Count)].Level },
            SplineTerm curve => new CodedFactor { Name = term.Factor, Number = Math.Round(curve.Low + ((curve.High - curve.Low) * random.NextDouble()), 2) },
            LinearTerm line => new CodedFactor { Name = term.Factor, Number = Math.Round(line.Low + ((line.High - line.Low) * random.NextDouble()), 2) },
            _ => throw new InvalidOperationException("There is no other kind here."),
        })];
    }

    private static ModelTerm Term(int i, Random random)
    {
        LocalText label = new() { En = $"Laboratory factor {i + 1}", Zh = $"实验室因素{i + 1}", Ru = $"Лабораторный фактор {i + 1}" };
        double Beta(double width) => (random.NextDouble() - 0.4) / width;
        switch (i % 3)
        {
            case 0:
                return new CategoricalTerm
                {
                    Factor = $"factor-{i + 1}",
                    Label = label,
                    Levels = [.. Enumerable.Range(0, 2 + (i % 4)).Select(j => new TermLevel { Level = $"level {j}", IsReference = j == 0, Coefficient = j == 0 ? Coefficient.Reference : new() { Beta = Beta(1), StandardError = 0.1 } })],
                };
            case 1:
                return new LinearTerm { Factor = $"factor-{i + 1}", Label = label, Low = 0, High = 10 * (i + 1), Coefficient = new() { Beta = Beta(10 * (i + 1)), StandardError = 0.001 } };
            default:
                return new SplineTerm
                {
                    Factor = $"factor-{i + 1}",
                    Label = label,
                    Low = 20,
                    High = 90,
                    Knots = [30, 45, 60, 80],
                    Coefficients = [.. new[] { 40.0, 60, 20 }.Select(width => new Coefficient { Beta = Beta(width), StandardError = 0.002 })],
                };
        }
    }
}
