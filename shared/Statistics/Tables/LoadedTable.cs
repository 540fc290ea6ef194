namespace BoneMet.Statistics.Tables;

/// <summary>A table as read from a file, with everything that was not taken as it stood.</summary>
public sealed record LoadedTable
{
    /// <summary>The values.</summary>
    public required Table Table { get; init; }

    /// <summary>Rejected cells in the order of the file, the first <see cref="TableReader.MaximumListed"/> of them.</summary>
    public required IReadOnlyList<CellRejection> Rejections { get; init; }

    /// <summary>All rejected cells, listed or not.</summary>
    public required long RejectionCount { get; init; }

    /// <summary>What the reader decided by itself: encoding, separator, decimal sign, units converted, columns left out.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Name of the encoding that was used.</summary>
    public required string Encoding { get; init; }

    /// <summary>The cell separator.</summary>
    public required char Delimiter { get; init; }

    /// <summary>SHA-256 of the file's bytes, in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}
