using System.Collections.Frozen;
using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>The clinical factors that the platform knows: names in three languages, units, ranges, levels, codes, and when each is known.</summary>
public static class FactorDictionary
{
    private static readonly FactorDefinition[] Definitions = Load();
    private static readonly FrozenDictionary<string, FactorDefinition> ByName = Definitions.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, FactorDefinition> ByWord = Words();

    /// <summary>Every factor, in the dictionary's order.</summary>
    public static IReadOnlyList<FactorDefinition> All => Definitions;

    /// <summary>The factor of exactly this canonical name, or null.</summary>
    public static FactorDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The factor that a person means by <paramref name="word"/> (any of its names, any language, any case), or null.</summary>
    public static FactorDefinition? Recognise(string word) => ByName.GetValueOrDefault(word) ?? ByWord.GetValueOrDefault(FactorText.Word(word));

    /// <summary>The canonical level of a categorical factor, or null when <paramref name="word"/> is none of its levels.</summary>
    public static string? Level(string factor, string word) => Find(factor) is { } definition ? FactorCoder.Level(definition, word) : null;

    /// <summary>
    /// Codes factors: names and levels to canonical ones, numbers to canonical units; works out what follows from them (node status from N stage);
    /// names unknown factors, unknown units, impossible values, unknown levels and contradictions.
    /// </summary>
    /// <param name="submitted">The factors as given.</param>
    /// <param name="model">A model whose own declared factor names are accepted as well, or null.</param>
    public static FactorCoding Code(IEnumerable<SubmittedFactor> submitted, CompiledModel? model = null)
    {
        ArgumentNullException.ThrowIfNull(submitted);
        return FactorCoder.Code(submitted, model);
    }

    /// <summary>The factors with cancer type and histology of the case among them, unless they are there already: models may look at both.</summary>
    public static IReadOnlyList<CodedFactor> WithCase(IReadOnlyList<CodedFactor> coded, string? cancerType, string? histology)
    {
        ArgumentNullException.ThrowIfNull(coded);
        var all = new List<CodedFactor>(coded);
        if (cancerType is not null && !coded.Any(f => f.Name == "cancer-type")) { all.Add(new() { Name = "cancer-type", Level = cancerType }); }
        if (histology is not null && !coded.Any(f => f.Name == "histology")) { all.Add(new() { Name = "histology", Level = histology }); }
        return all;
    }

    private static FactorDefinition[] Load()
    {
        using var stream = typeof(FactorDictionary).Assembly.GetManifestResourceStream("BoneMet.RiskModels.Factors.factors.json")
            ?? throw new InvalidOperationException("The factor dictionary is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("factors").EnumerateArray().Select(Definition)];
    }

    private static FactorDefinition Definition(JsonElement json)
    {
        var number = json.TryGetProperty("number", out var n);
        return new()
        {
            Name = json.GetProperty("name").GetString()!,
            Label = new() { En = json.GetProperty("en").GetString()!, Zh = json.GetProperty("zh").GetString(), Ru = json.GetProperty("ru").GetString() },
            IsNumber = number,
            Unit = number ? n.GetProperty("unit").GetString() : null,
            Units = number ? n.GetProperty("units").EnumerateObject().ToFrozenDictionary(u => FactorText.Unit(u.Name), u => u.Value.GetDouble()) : FrozenDictionary<string, double>.Empty,
            UnitOptional = number && n.TryGetProperty("optional", out var optional) && optional.GetBoolean(),
            WholeNumber = number && n.TryGetProperty("integer", out var whole) && whole.GetBoolean(),
            HardLow = number ? n.GetProperty("hard")[0].GetDouble() : null,
            HardHigh = number ? n.GetProperty("hard")[1].GetDouble() : null,
            PlausibleLow = number ? n.GetProperty("plausible")[0].GetDouble() : null,
            PlausibleHigh = number ? n.GetProperty("plausible")[1].GetDouble() : null,
            Levels = number ? [] : Levels(json.GetProperty("levels")),
            Synonyms = json.TryGetProperty("synonyms", out var synonyms) ? [.. synonyms.EnumerateArray().Select(s => s.GetString()!)] : [],
            Codes = json.TryGetProperty("codes", out var codes) ? [.. codes.EnumerateArray().Select(c => c.GetString()!.Split(':', 2)).Select(c => new FactorCode(c[0], c[1]))] : [],
            KnownAt = json.GetProperty("at").GetString()!,
        };
    }

    private static FactorLevel[] Levels(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? json.GetString() switch
        {
            "yes-no" =>
            [
                new("no", new() { En = "No", Zh = "否", Ru = "Нет" }, ["false", "0", "无", "没有", "negative", "absent"]),
                new("yes", new() { En = "Yes", Zh = "是", Ru = "Да" }, ["true", "1", "有", "positive", "present"]),
            ],
            "pos-neg" =>
            [
                new("negative", new() { En = "Negative", Zh = "阴性", Ru = "Отрицательный" }, ["neg", "-", "0", "no", "false", "阴"]),
                new("positive", new() { En = "Positive", Zh = "阳性", Ru = "Положительный" }, ["pos", "+", "1", "yes", "true", "阳"]),
            ],
            var other => throw new InvalidOperationException($"The factor dictionary has no level set '{other}'."),
        }
        : [.. json.EnumerateObject().Select(level =>
        {
            var words = level.Value.EnumerateArray().Select(w => w.GetString()!).ToArray();
            return new FactorLevel(level.Name, new() { En = words[0], Zh = words[1], Ru = words[2] }, words[3..]);
        })];

    private static FrozenDictionary<string, FactorDefinition> Words()
    {
        var words = new Dictionary<string, FactorDefinition>(StringComparer.Ordinal);
        foreach (var definition in Definitions)
        {
            string?[] names = [definition.Name, definition.Label.En, definition.Label.Zh, definition.Label.Ru, .. definition.Synonyms];
            foreach (var name in names)
            {
                if (name is null) { continue; }
                var word = FactorText.Word(name);
                if (words.TryGetValue(word, out var other) && other != definition)
                {
                    throw new InvalidOperationException($"The factor dictionary gives '{name}' to both {other.Name} and {definition.Name}.");
                }
                words[word] = definition;
            }
        }
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
