namespace BoneMet.Statistics.Tables;

/// <summary>How to read a text table; every null is found out from the file.</summary>
public sealed record TableReaderOptions
{
    /// <summary><c>utf-8</c>, <c>gb18030</c>, <c>windows-1251</c>, <c>utf-16</c>; null: found out.</summary>
    public string? Encoding { get; init; }

    /// <summary>Cell separator; null: the one of <c>,</c> <c>;</c> tab that the header holds most of.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Decimal sign; null: a comma where cells need one, otherwise a point.</summary>
    public char? DecimalSign { get; init; }

    /// <summary>Names, units, ranges and levels; null: none.</summary>
    public DataDictionary? Dictionary { get; init; }

    /// <summary>Read only these columns (a large file then costs less); null: all.</summary>
    public IReadOnlySet<string>? Columns { get; init; }

    /// <summary>Columns whose NaN or Inf cells stop the reading rather than being listed; null: none.</summary>
    public IReadOnlySet<string>? StrictColumns { get; init; }

    /// <summary>Told the fraction done, from 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }
}
