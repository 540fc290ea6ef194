namespace BoneMet.RiskModels;

/// <summary>A statement about factors that is true, false, or unknown when a factor is missing (Kleene's three values).</summary>
public abstract record Condition
{
    public sealed record All(IReadOnlyList<Condition> Of) : Condition;

    public sealed record Any(IReadOnlyList<Condition> Of) : Condition;

    public sealed record Not(Condition Of) : Condition;

    /// <summary>The factor is at one of the levels.</summary>
    public sealed record In(string Factor, IReadOnlyList<string> Levels) : Condition;

    /// <summary>The factor, in <paramref name="Unit"/>, lies between the given limits.</summary>
    public sealed record Number(string Factor, string? Unit, double? Above, double? AtLeast, double? Below, double? AtMost) : Condition;

    /// <summary>Nothing more is asked: always true.</summary>
    public sealed record Otherwise : Condition;

    /// <summary>Names of the factors it looks at, each once.</summary>
    public IReadOnlyList<string> Factors()
    {
        var names = new List<string>();
        Collect(this, names);
        return names;
    }

    private static void Collect(Condition condition, List<string> names)
    {
        switch (condition)
        {
            case All all: foreach (var part in all.Of) { Collect(part, names); } break;
            case Any any: foreach (var part in any.Of) { Collect(part, names); } break;
            case Not not: Collect(not.Of, names); break;
            case In level: Add(level.Factor); break;
            case Number number: Add(number.Factor); break;
            default: break;
        }

        void Add(string name)
        {
            if (!names.Contains(name)) { names.Add(name); }
        }
    }
}
