using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>Reads CSV and TSV files into columns in two passes: the first finds out what each column holds, the second fills exactly sized arrays.</summary>
public static class TableReader
{
    /// <summary>Rejected cells beyond this number are counted, not listed.</summary>
    public const int MaximumListed = 100_000;

    /// <summary>Distinct texts beyond this number make a column an identifier, which is left out.</summary>
    public const int MaximumLevels = 100_000;

    /// <summary>Columns are at most this many.</summary>
    public const int MaximumColumns = 20_000;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16];

    /// <summary>Reads a file.</summary>
    /// <exception cref="TableException">It is not a table that can be used; one sentence says why.</exception>
    public static LoadedTable Read(string path, TableReaderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) { throw new TableException($"There is no file {path}."); }
        return Read(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan), options, cancellation);
    }

    /// <summary>Reads a table from anything that can be opened more than once.</summary>
    /// <exception cref="TableException">It is not a table that can be used; one sentence says why.</exception>
    public static LoadedTable Read(Func<Stream> open, TableReaderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        options ??= new();
        string sha;
        long length;
        using (var stream = open())
        {
            sha = Convert.ToHexStringLower(SHA256.HashData(stream));
            length = stream.CanSeek ? stream.Length : 0;
        }
        var (encoding, preamble, found) = FindEncoding(open, options, cancellation);
        var notes = new List<string>();
        if (found && encoding is not UTF8Encoding) { notes.Add($"the text is read as {encoding.WebName}, found out from its bytes"); }
        try
        {
            var delimiter = options.Delimiter ?? FindDelimiter(open, encoding, preamble);
            var pass = new Pass(open, encoding, preamble, (byte)delimiter, length);
            var plan = TablePlan.Make(pass, options, notes, cancellation);
            var (table, rejections, count) = plan.Fill(pass, options, notes, cancellation);
            return new LoadedTable { Table = table, Rejections = rejections, RejectionCount = count, Notes = notes, Encoding = encoding.WebName, Delimiter = delimiter, Sha256 = sha };
        }
        catch (DecoderFallbackException)
        {
            throw new TableException(found
                ? "The text is neither UTF-8 nor GB18030 nor Windows-1251; save it as UTF-8."
                : $"The text is not {encoding.WebName}: a byte sequence in it has no meaning there.");
        }
    }

    private static (Encoding Encoding, int Preamble, bool Found) FindEncoding(Func<Stream> open, TableReaderOptions options, CancellationToken cancellation)
    {
        using var stream = open();
        var (encoding, preamble) = TextEncodings.Detect(stream, cancellation);
        if (options.Encoding is not { } name) { return (encoding, preamble, true); }
        var wanted = TextEncodings.ByName(name);
        if (wanted is UTF8Encoding && encoding is not UTF8Encoding) { throw new TableException("The text is not utf-8: a byte sequence in it has no meaning there."); }
        return (wanted, wanted.WebName == encoding.WebName ? preamble : 0, false);
    }

    private static char FindDelimiter(Func<Stream> open, Encoding encoding, int preamble)
    {
        using var text = Pass.Open(open, encoding, preamble);
        Span<int> counts = stackalloc int[3];
        var quoted = false;
        for (var i = 0; i < 1 << 20; i++)
        {
            var b = text.ReadByte();
            if (b < 0) { break; }
            if (b == '"') { quoted = !quoted; }
            if (quoted) { continue; }
            if (b == '\n') { if (counts.IndexOfAnyExcept(0) >= 0) { break; } }
            if (b == ',') { counts[0]++; }
            if (b == ';') { counts[1]++; }
            if (b == '\t') { counts[2]++; }
        }
        return counts[2] > 0 && counts[2] >= counts[0] && counts[2] >= counts[1] ? '\t' : counts[1] > counts[0] ? ';' : ',';
    }

    /// <summary>Number of a cell: sign, digits, decimal sign, exponent; never NaN or infinite.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> cell, bool decimalComma, out double value)
    {
        value = double.NaN;
        if (cell.IsEmpty || cell.Length > 64) { return false; }
        var first = cell[0];
        if (!(first is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'+' or (byte)'.') && !(first == (byte)',' && decimalComma)) { return false; }
        if (TryPlain(cell, out value)) { return true; }
        if (decimalComma)
        {
            Span<byte> copy = stackalloc byte[64];
            cell.CopyTo(copy);
            copy = copy[..cell.Length];
            var comma = copy.IndexOf((byte)',');
            if (comma >= 0)
            {
                if (copy.Contains((byte)'.')) { return false; }
                copy[comma] = (byte)'.';
            }
            return double.TryParse(copy, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        }
        return double.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>Digits with at most one point, up to 2⁵³: integer and power of ten are exact, so that one division rounds correctly.</summary>
    private static bool TryPlain(ReadOnlySpan<byte> cell, out double value)
    {
        value = double.NaN;
        var negative = cell[0] == (byte)'-';
        var digits = 0L;
        var point = -1;
        var i = negative ? 1 : 0;
        var first = i;
        if (cell.Length - i is 0 or > 16) { return false; }
        for (; i < cell.Length; i++)
        {
            var digit = cell[i] - '0';
            if ((uint)digit <= 9) { digits = (digits * 10) + digit; }
            else if (cell[i] == (byte)'.' && point < 0) { point = i; }
            else { return false; }
        }
        if (digits > 1L << 53 || (point >= 0 && cell.Length - first < 2)) { return false; }
        value = point < 0 ? digits : digits / PowersOfTen[cell.Length - 1 - point];
        if (negative) { value = -value; }
        return true;
    }

    /// <summary>NaN and Inf in the spellings of R, Python and C.</summary>
    internal static bool IsNotFinite(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is < 3 or > 9) { return false; }
        if (cell[0] is (byte)'-' or (byte)'+') { cell = cell[1..]; }
        return Ascii.EqualsIgnoreCase(cell, "nan") || Ascii.EqualsIgnoreCase(cell, "inf") || Ascii.EqualsIgnoreCase(cell, "infinity");
    }

    /// <summary>Texts that mean "no value" in any column.</summary>
    internal static bool IsMissing(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        0 => true,
        1 => cell[0] is (byte)'.' or (byte)'?',
        2 => cell.SequenceEqual("NA"u8) || cell.SequenceEqual("--"u8),
        3 => cell.SequenceEqual("N/A"u8) || cell.SequenceEqual("#NA"u8) || cell.SequenceEqual("n/a"u8),
        4 => Ascii.EqualsIgnoreCase(cell, "null") || cell.SequenceEqual("#N/A"u8) || cell.SequenceEqual("<NA>"u8),
        6 => cell.SequenceEqual("缺失"u8),
        _ => cell.SequenceEqual("нет данных"u8),
    };

    /// <summary>Date of a cell: year first with hyphens, strokes or points, or day first with points.</summary>
    internal static bool TryDate(ReadOnlySpan<byte> cell, out int day)
    {
        day = DateColumn.Missing;
        if (cell.Length is < 8 or > 10 || cell[0] is < (byte)'0' or > (byte)'9') { return false; }
        Span<char> text = stackalloc char[10];
        for (var i = 0; i < cell.Length; i++) { text[i] = (char)cell[i]; }
        if (!DateOnly.TryParseExact(text[..cell.Length], ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d", "yyyy.MM.dd", "dd.MM.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) { return false; }
        day = date.DayNumber;
        return true;
    }
}
