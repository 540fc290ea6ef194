namespace BoneMet.Statistics.Tables;

/// <summary>One column of a <see cref="DataDictionary"/>.</summary>
public sealed record DictionaryColumn
{
    /// <summary>Name under which the column is analysed.</summary>
    public required string Name { get; init; }

    /// <summary>Display names by language (<c>en</c>, <c>zh</c>, <c>ru</c>).</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Other headers that mean this column.</summary>
    public IReadOnlyList<string>? Synonyms { get; init; }

    /// <summary>What the cells hold; null: found out from them.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>Unit in which the values are kept.</summary>
    public string? Unit { get; init; }

    /// <summary>Other units: a value in one of them times its factor is the value in <see cref="Unit"/>.</summary>
    public IReadOnlyDictionary<string, double>? Units { get; init; }

    /// <summary>Smallest value that is possible, in <see cref="Unit"/>.</summary>
    public double? Minimum { get; init; }

    /// <summary>Largest value that is possible, in <see cref="Unit"/>.</summary>
    public double? Maximum { get; init; }

    /// <summary>Levels in order; null: the texts found, in alphabetical order.</summary>
    public IReadOnlyList<DictionaryLevel>? Levels { get; init; }

    /// <summary>The reference level; null: the first.</summary>
    public string? Reference { get; init; }

    /// <summary>Texts that mean "not known" here, besides the usual ones.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>A code system that the cells must follow: <c>tnm-7:t</c>, <c>tnm-8:n</c>, <c>icd-o-3:morphology</c>, <c>icd-o-3:topography</c>.</summary>
    public string? Check { get; init; }

    /// <summary>When the value is known: <c>diagnosis</c> (at the time of prediction) or <c>later</c> (a model that uses it leaks).</summary>
    public string? Available { get; init; }

    internal IEnumerable<string> AllNames => [Name, .. Synonyms ?? [], .. Labels?.Values ?? []];
}
