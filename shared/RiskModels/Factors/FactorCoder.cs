using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace BoneMet.RiskModels;

/// <summary>Codes submitted factors against the dictionary.</summary>
internal static class FactorCoder
{
    private static readonly ConcurrentDictionary<FactorDefinition, FrozenDictionary<string, string>> LevelWords = new(ReferenceEqualityComparer.Instance);

    public static FactorCoding Code(IEnumerable<SubmittedFactor> submitted, CompiledModel? model)
    {
        var coded = new Dictionary<string, CodedFactor>(StringComparer.Ordinal);
        var problems = new List<FactorProblem>();
        foreach (var factor in submitted)
        {
            if (One(factor, model, problems) is not { } value) { continue; }
            if (coded.TryGetValue(value.Name, out var earlier))
            {
                if (earlier.Number != value.Number || earlier.Level != value.Level)
                {
                    problems.Add(new(value.Name, "given-twice", $"{value.Name} is given twice with different values: {Show(earlier)} and {Show(value)}"));
                }
                continue;
            }
            coded[value.Name] = value;
        }
        FactorDerivation.Derive(coded, problems);
        foreach (var problem in problems) { coded.Remove(problem.Name); }
        return new([.. coded.Values.OrderBy(f => f.Name, StringComparer.Ordinal)], problems);
    }

    public static string? Level(FactorDefinition definition, string word)
    {
        var words = LevelWords.GetOrAdd(definition, static d =>
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var level in d.Levels)
            {
                string?[] names = [level.Name, level.Label.En, level.Label.Zh, level.Label.Ru, .. level.Synonyms];
                foreach (var name in names)
                {
                    if (name is not null) { map.TryAdd(FactorText.LevelWord(name), level.Name); }
                }
            }
            return map.ToFrozenDictionary(StringComparer.Ordinal);
        });
        return words.GetValueOrDefault(FactorText.LevelWord(word));
    }

    private static CodedFactor? One(SubmittedFactor factor, CompiledModel? model, List<FactorProblem> problems)
    {
        if (factor.Number is null == factor.Level is null)
        {
            problems.Add(new(factor.Name, "no-value", $"{factor.Name} must have a number or a level, not {(factor.Number is null ? "neither" : "both")}"));
            return null;
        }
        if (factor.Number is { } value && !double.IsFinite(value))
        {
            problems.Add(new(factor.Name, "impossible-value", $"{factor.Name} is not a finite number"));
            return null;
        }
        if (model is not null && model.Takes(factor.Name) && FactorDictionary.Recognise(factor.Name)?.Name != factor.Name)
        {
            return new CodedFactor { Name = factor.Name, Number = factor.Number, Level = factor.Level, Unit = factor.Unit };
        }
        if (FactorDictionary.Recognise(factor.Name) is not { } definition)
        {
            problems.Add(new(factor.Name, "unknown-factor", $"'{factor.Name}' is not in the factor dictionary"));
            return null;
        }
        return definition.IsNumber ? Number(factor, definition, problems) : Category(factor, definition, problems);
    }

    private static CodedFactor? Category(SubmittedFactor factor, FactorDefinition definition, List<FactorProblem> problems)
    {
        var word = factor.Level ?? CanonicalJson.Number(factor.Number!.Value);
        if (factor.Unit is { Length: > 0 })
        {
            problems.Add(new(definition.Name, "unknown-unit", $"{definition.Name} has levels, not a unit; '{factor.Unit}' was given"));
            return null;
        }
        if (Level(definition, word) is { } level)
        {
            return new CodedFactor { Name = definition.Name, Level = level, ConvertedFrom = factor.Level == level ? null : word };
        }
        problems.Add(new(definition.Name, "unknown-level", $"{definition.Name} has no level '{word}'; known: {string.Join(", ", definition.Levels.Select(l => l.Name))}"));
        return null;
    }

    private static CodedFactor? Number(SubmittedFactor factor, FactorDefinition definition, List<FactorProblem> problems)
    {
        if (factor.Number is not { } number)
        {
            problems.Add(new(definition.Name, "unknown-level", $"{definition.Name} is a number{(definition.Unit is { } u && !u.StartsWith('{') ? $" in {u}" : "")}; '{factor.Level}' was given"));
            return null;
        }
        var multiplier = 1.0;
        if (factor.Unit is { Length: > 0 } unit)
        {
            if (!definition.Units.TryGetValue(FactorText.Unit(unit), out multiplier))
            {
                problems.Add(new(definition.Name, "unknown-unit", $"{definition.Name} cannot be given in '{unit}'; use {definition.Unit}"));
                return null;
            }
        }
        else if (!definition.UnitOptional)
        {
            problems.Add(new(definition.Name, "missing-unit", $"{definition.Name} has no unit; use {definition.Unit}"));
            return null;
        }

        var canonical = multiplier == 1 ? number : number * multiplier;
        if (canonical < definition.HardLow || canonical > definition.HardHigh)
        {
            problems.Add(new(definition.Name, "impossible-value", FormattableString.Invariant(
                $"{definition.Name} = {number} {factor.Unit ?? definition.Unit} is impossible; it must lie between {definition.HardLow} and {definition.HardHigh} {definition.Unit}")));
            return null;
        }
        if (definition.WholeNumber && canonical != Math.Floor(canonical))
        {
            problems.Add(new(definition.Name, "impossible-value", FormattableString.Invariant($"{definition.Name} = {number} must be a whole number")));
            return null;
        }
        var converted = multiplier != 1 || (factor.Unit is { Length: > 0 } given && given != definition.Unit && FactorText.Unit(given) != FactorText.Unit(definition.Unit ?? ""));
        return new CodedFactor
        {
            Name = definition.Name,
            Number = canonical,
            Unit = definition.Unit is { } canonicalUnit && !canonicalUnit.StartsWith('{') ? canonicalUnit : null,
            ConvertedFrom = converted ? FormattableString.Invariant($"{number} {factor.Unit}") : null,
            Implausible = canonical < definition.PlausibleLow || canonical > definition.PlausibleHigh,
        };
    }

    internal static string Show(CodedFactor factor) => factor.Level ?? FormattableString.Invariant($"{factor.Number} {factor.Unit}").TrimEnd();
}
