using System.Globalization;
using System.Text;

namespace BoneMet.Dicom;

/// <summary>
/// Specific Character Set (PS3.3 C.12.1.1.2): one repertoire, or several that ISO 2022 escape sequences switch between.
/// Spellings that senders really use ("ISO-IR 144", "ISO IR 100", "GB2312", "UTF-8") are understood.
/// </summary>
public sealed class DicomCharacterSet
{
    private const byte Escape = 0x1B;
    private static readonly Dictionary<string, DicomCharacterSet> s_cache = new(StringComparer.Ordinal);

    private readonly Encoding? _whole;
    private readonly Encoding? _initialG1;
    private readonly bool _romaji;
    private readonly bool _isUnspecified;

    static DicomCharacterSet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private DicomCharacterSet(string declared, Encoding? whole, Encoding? initialG1, bool romaji = false, bool isUnspecified = false) =>
        (Declared, _whole, _initialG1, _romaji, _isUnspecified) = (declared, whole, initialG1, romaji, isUnspecified);

    /// <summary>Nothing declared: ASCII by the standard. Bytes beyond it are read as UTF-8 where they are that, else as Latin-1.</summary>
    public static DicomCharacterSet Default { get; } = new("", null, null, isUnspecified: true);

    public static DicomCharacterSet Utf8 { get; } = new("ISO_IR 192", new UTF8Encoding(false), null);

    /// <summary>Value of (0008,0005) this was made from.</summary>
    public string Declared { get; }

    /// <summary>False when the declared value names nothing that PS3.3 knows; text is then read like <see cref="Default"/>.</summary>
    public bool IsKnown { get; private init; } = true;

    /// <summary>The set of a value of (0008,0005), values joined by backslashes.</summary>
    public static DicomCharacterSet Parse(string declared)
    {
        lock (s_cache)
        {
            if (!s_cache.TryGetValue(declared, out var set))
            {
                set = Create(declared);
                if (s_cache.Count < 1000) { s_cache[declared] = set; }
            }
            return set;
        }
    }

    internal static DicomCharacterSet Parse(ReadOnlySpan<byte> declared) => Parse(Encoding.Latin1.GetString(declared).TrimEnd('\0', ' '));

    /// <summary>Text of the bytes. What cannot be decoded becomes U+FFFD.</summary>
    public string Decode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExceptInRange((byte)0x00, (byte)0x7F) && !bytes.Contains(Escape)) { return Ascii(bytes); }
        if (_whole is not null) { return _whole.GetString(bytes); }
        if (_isUnspecified && !bytes.Contains(Escape)) { return Guess(bytes); }
        return DecodeIso2022(bytes);
    }

    /// <summary>False when the bytes are surely not in this set (a multi-byte set whose rules they break).</summary>
    public bool CanDecode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExceptInRange((byte)0x00, (byte)0x7F)) { return true; }
        if (_isUnspecified || !IsKnown) { return false; }
        return !Decode(bytes).Contains('\uFFFD', StringComparison.Ordinal);
    }

    /// <summary>Bytes of a text, or null when this set (without switching) cannot hold it.</summary>
    public byte[]? Encode(string text)
    {
        if (Ascii7(text)) { return Encoding.ASCII.GetBytes(text); }
        var encoding = _whole ?? _initialG1;
        if (encoding is null || _romaji) { return null; }
        var bytes = encoding.GetBytes(text);
        return encoding.GetString(bytes) == text ? bytes : null;
    }

    private static bool Ascii7(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\x7F');

    private static DicomCharacterSet Create(string declared)
    {
        var names = declared.Split('\\');
        var first = Repertoire(names[0]);
        var switching = names.Length > 1 || declared.Contains("2022", StringComparison.Ordinal);
        switch (first)
        {
            case "192": return new(declared, Strict(65001), null);
            case "GB18030": return new(declared, Strict(54936), null);
            case "GBK": return new(declared, Strict(936), null);
            case "13" when !switching: return new(declared, Strict(932), null);
            case "58" when !switching: return new(declared, Strict(936), null);
            case "149" when !switching: return new(declared, Strict(949), null);
            case null when names.Length == 1: return new(declared, null, null, isUnspecified: true) { IsKnown = declared.Trim().Length == 0 };
            default: break;
        }
        if (names.Length > 1 && first is null or "6")
        {
            // One repertoire beyond ASCII and a sender that never escapes: its upper half is taken as in force from the start.
            foreach (var name in names.AsSpan(1))
            {
                if (Repertoire(name) is "192" or "GB18030" or "GBK") { return Create(name); }
            }
        }
        return new(declared, null, UpperHalf(first), romaji: first == "13");
    }

    private static Encoding Strict(int codePage) => Encoding.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"));

    /// <summary>The registration number in a name such as "ISO_IR 100", "ISO 2022 IR 100" or "ISO-IR 144"; else a name of a whole encoding; else null.</summary>
    private static string? Repertoire(string name)
    {
        var compact = name.Trim().ToUpperInvariant().Replace("_", "").Replace("-", "").Replace(" ", "");
        switch (compact)
        {
            case "": return null;
            case "GB18030": return "GB18030";
            case "GBK" or "GB2312": return "GBK";
            case "UTF8": return "192";
            case "ASCII": return "6";
            default: break;
        }
        if (compact.StartsWith("ISO8859", StringComparison.Ordinal))
        {
            return compact["ISO8859".Length..] switch
            {
                "1" => "100", "2" => "101", "3" => "109", "4" => "110", "5" => "144", "6" => "127", "7" => "126", "8" => "138", "9" => "148", "15" => "203", _ => null,
            };
        }
        var at = compact.LastIndexOf("IR", StringComparison.Ordinal);
        var number = at >= 0 ? compact[(at + 2)..] : "";
        return number is "6" or "13" or "14" or "58" or "87" or "100" or "101" or "109" or "110" or "126" or "127" or "138" or "144" or "148" or "149" or "159" or "166" or "192" or "203" ? number : null;
    }

    /// <summary>What bytes from 0xA0 mean while a repertoire is in force.</summary>
    private static Encoding? UpperHalf(string? repertoire) => repertoire switch
    {
        "100" => Encoding.Latin1,
        "101" => Strict(28592),
        "109" => Strict(28593),
        "110" => Strict(28594),
        "144" => Strict(28595),
        "127" => Strict(28596),
        "126" => Strict(28597),
        "138" => Strict(28598),
        "148" => Strict(28599),
        "203" => Strict(28605),
        "166" => Strict(874),
        "13" => Strict(932),
        "149" => Strict(51949),
        "58" => Strict(936),
        _ => null,
    };

    private static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Guess(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes)) { return Encoding.UTF8.GetString(bytes); }
        return Encoding.Latin1.GetString(bytes);
    }

    private string DecodeIso2022(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Encoding? kanji = null;
        var upper = _initialG1;
        var romaji = _romaji;
        Span<byte> pair = stackalloc byte[2];
        for (var i = 0; i < bytes.Length;)
        {
            var b = bytes[i];
            if (b == Escape)
            {
                var length = EscapeSequence(bytes[i..], ref kanji, ref upper, ref romaji);
                if (length == 0) { text.Append((char)b); }
                i += Math.Max(length, 1);
            }
            else if (b < 0x20)
            {
                // Line ends and other controls put the initial sets back (PS3.5 6.1.2.5.3).
                (kanji, upper, romaji) = (null, _initialG1 ?? upper, _romaji);
                text.Append((char)b);
                i++;
            }
            else if (b < 0x80 && kanji is not null && b > 0x20)
            {
                if (i + 1 < bytes.Length && bytes[i + 1] is > 0x20 and < 0x80)
                {
                    (pair[0], pair[1]) = ((byte)(b | 0x80), kanji.CodePage == 20932 ? bytes[i + 1] : (byte)(bytes[i + 1] | 0x80));
                    text.Append(kanji.GetString(pair));
                    i += 2;
                }
                else
                {
                    text.Append('\uFFFD');
                    i++;
                }
            }
            else if (b < 0x80)
            {
                if (b is (byte)'\\' or (byte)'^' or (byte)'=') { (upper, romaji) = (_initialG1 ?? upper, _romaji); }
                text.Append(romaji && b == '~' ? '\u203E' : (char)b);
                i++;
            }
            else
            {
                var run = i + 1;
                while (run < bytes.Length && bytes[run] >= 0x80) { run++; }
                text.Append((upper ?? UnannouncedSet(bytes[i..run])).GetString(bytes[i..run]));
                i = run;
            }
        }
        return text.ToString();
    }

    /// <summary>Bytes beyond ASCII although no upper set is in force: the first declared one that has an upper half, else a guess.</summary>
    private Encoding UnannouncedSet(ReadOnlySpan<byte> run)
    {
        foreach (var name in Declared.Split('\\'))
        {
            if (UpperHalf(Repertoire(name)) is { } declared) { return declared; }
        }
        return System.Text.Unicode.Utf8.IsValid(run) ? Encoding.UTF8 : Encoding.Latin1;
    }

    private static int EscapeSequence(ReadOnlySpan<byte> at, ref Encoding? kanji, ref Encoding? upper, ref bool romaji)
    {
        if (at.Length < 3) { return 0; }
        switch ((char)at[1], (char)at[2])
        {
            case ('(', 'B'): (kanji, romaji) = (null, false); return 3;
            case ('(', 'J'): (kanji, romaji) = (null, true); return 3;
            case (')', 'I'): upper = UpperHalf("13"); return 3;
            case ('-', var final) when Latin(final) is { } repertoire: upper = UpperHalf(repertoire); return 3;
            case ('$', 'B') or ('$', '@'): kanji = Strict(51932); return 3;
            default: break;
        }
        if (at.Length < 4 || at[1] != '$') { return 0; }
        switch ((char)at[2], (char)at[3])
        {
            case ('(', 'D'): kanji = Strict(20932); return 4;
            case ('(', 'C'): kanji = Strict(51949); return 4;
            case ('(', 'A'): kanji = Strict(936); return 4;
            case (')', 'C'): upper = UpperHalf("149"); return 4;
            case (')', 'A'): upper = UpperHalf("58"); return 4;
            default: return 0;
        }
    }

    private static string? Latin(char final) => final switch
    {
        'A' => "100", 'B' => "101", 'C' => "109", 'D' => "110", 'F' => "126", 'G' => "127", 'H' => "138", 'L' => "144", 'M' => "148", 'T' => "166", 'b' => "203", _ => null,
    };

    public override string ToString() => Declared.Length == 0 ? "(none)" : string.Create(CultureInfo.InvariantCulture, $"{Declared}");
}
