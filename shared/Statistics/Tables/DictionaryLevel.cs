namespace BoneMet.Statistics.Tables;

/// <summary>One level of a factor in a <see cref="DataDictionary"/>.</summary>
public sealed record DictionaryLevel
{
    /// <summary>Name under which the level is analysed.</summary>
    public required string Value { get; init; }

    /// <summary>Other texts that mean this level.</summary>
    public IReadOnlyList<string>? Synonyms { get; init; }
}
