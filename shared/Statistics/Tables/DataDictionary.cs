using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoneMet.Statistics.Tables;

/// <summary>What the columns of a cohort mean: <c>bonemet.data-dictionary/1</c>.</summary>
public sealed record DataDictionary
{
    /// <summary>The format's name.</summary>
    public const string Format = "bonemet.data-dictionary/1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Format name and version.</summary>
    public required string Schema { get; init; }

    /// <summary>The columns described; others are read as they stand.</summary>
    public required IReadOnlyList<DictionaryColumn> Columns { get; init; }

    /// <summary>The dictionary of common factors in Chinese, Russian and English that ships with the library.</summary>
    public static DataDictionary BuiltIn { get; } = LoadBuiltIn();

    /// <summary>Reads a dictionary.</summary>
    /// <exception cref="TableException">It is not a dictionary, or it contradicts itself.</exception>
    public static DataDictionary Parse(ReadOnlySpan<byte> utf8)
    {
        DataDictionary dictionary;
        try
        {
            dictionary = JsonSerializer.Deserialize<DataDictionary>(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, Json) ?? throw new TableException("The data dictionary is empty.");
        }
        catch (JsonException exception) { throw new TableException($"The data dictionary cannot be read: line {exception.LineNumber + 1}, {exception.Path ?? "at the start"}."); }
        if (dictionary.Schema != Format) { throw new TableException($"The data dictionary says schema '{dictionary.Schema}', not '{Format}'."); }

        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in dictionary.Columns)
        {
            foreach (var name in column.AllNames.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!names.TryAdd(name, column.Name)) { throw new TableException($"The data dictionary gives the name '{name}' to both {names[name]} and {column.Name}."); }
            }
            if (column.Minimum > column.Maximum) { throw new TableException($"The data dictionary's range of {column.Name} is empty ({column.Minimum} to {column.Maximum})."); }
            if (column.Reference is { } reference && column.Levels is { } levels && levels.All(level => level.Value != reference))
            {
                throw new TableException($"The data dictionary's reference '{reference}' is not a level of {column.Name}.");
            }
        }
        return dictionary;
    }

    /// <summary>Finds the column that a header cell means: by name, synonym or label, ignoring case; a unit in brackets is split off.</summary>
    /// <returns>The description, or null, and the unit that stood in brackets, or null.</returns>
    public (DictionaryColumn? Column, string? Unit) Find(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var (name, unit) = SplitUnit(header);
        return (Match(header) ?? Match(name), unit);

        DictionaryColumn? Match(string text) => Columns.FirstOrDefault(column => column.AllNames.Contains(text, StringComparer.OrdinalIgnoreCase));
    }

    private static (string Name, string? Unit) SplitUnit(string header)
    {
        var open = header.LastIndexOfAny(['(', '[', '（']);
        return open > 0 && header.TrimEnd() is { } trimmed && trimmed[^1] is ')' or ']' or '）'
            ? (header[..open].TrimEnd(), header.TrimEnd()[(open + 1)..^1].Trim())
            : (header, null);
    }

    private static DataDictionary LoadBuiltIn()
    {
        using var stream = typeof(DataDictionary).Assembly.GetManifestResourceStream("bone-metastasis.dictionary.json")
            ?? throw new InvalidOperationException("The built-in data dictionary is not embedded.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Parse(memory.ToArray());
    }
}
