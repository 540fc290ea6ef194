namespace BoneMet.Dicom;

/// <summary>A value representation of PS3.5 section 6.2.</summary>
public sealed class DicomVR
{
    private static readonly DicomVR[] s_all = new DicomVR[40];
    private static readonly DicomVR?[] s_byLetters = new DicomVR?[26 * 26];
    private static int s_count;

    private DicomVR(string code, int unit, DicomVRKind kind, bool longLength = false, byte padding = 0, int maxLength = 0, bool multiple = true, bool characterSet = false)
    {
        Code = code;
        UnitSize = unit;
        Kind = kind;
        HasLongLength = longLength;
        Padding = padding;
        MaxLength = maxLength;
        IsMultiple = multiple;
        UsesCharacterSet = characterSet;
        Index = (byte)s_count;
        s_all[s_count++] = this;
        s_byLetters[((code[0] - 'A') * 26) + code[1] - 'A'] = this;
    }

    public static DicomVR AE { get; } = Text("AE", 16);
    public static DicomVR AS { get; } = Text("AS", 4);
    public static DicomVR AT { get; } = new("AT", 2, DicomVRKind.Tag);
    public static DicomVR CS { get; } = Text("CS", 16);
    public static DicomVR DA { get; } = Text("DA", 8);
    public static DicomVR DS { get; } = Text("DS", 16);
    public static DicomVR DT { get; } = Text("DT", 26);
    public static DicomVR FL { get; } = new("FL", 4, DicomVRKind.Number);
    public static DicomVR FD { get; } = new("FD", 8, DicomVRKind.Number);
    public static DicomVR IS { get; } = Text("IS", 12);
    public static DicomVR LO { get; } = Text("LO", 64, characterSet: true);
    public static DicomVR LT { get; } = Text("LT", 10240, multiple: false, characterSet: true);
    public static DicomVR OB { get; } = new("OB", 1, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR OD { get; } = new("OD", 8, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR OF { get; } = new("OF", 4, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR OL { get; } = new("OL", 4, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR OV { get; } = new("OV", 8, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR OW { get; } = new("OW", 2, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR PN { get; } = Text("PN", 324, characterSet: true);
    public static DicomVR SH { get; } = Text("SH", 16, characterSet: true);
    public static DicomVR SL { get; } = new("SL", 4, DicomVRKind.Number);
    public static DicomVR SQ { get; } = new("SQ", 1, DicomVRKind.Sequence, longLength: true, multiple: false);
    public static DicomVR SS { get; } = new("SS", 2, DicomVRKind.Number);
    public static DicomVR ST { get; } = Text("ST", 1024, multiple: false, characterSet: true);
    public static DicomVR SV { get; } = new("SV", 8, DicomVRKind.Number, longLength: true);
    public static DicomVR TM { get; } = Text("TM", 16);
    public static DicomVR UC { get; } = Text("UC", 0, longLength: true, characterSet: true);
    public static DicomVR UI { get; } = new("UI", 1, DicomVRKind.Text, padding: 0, maxLength: 64);
    public static DicomVR UL { get; } = new("UL", 4, DicomVRKind.Number);
    public static DicomVR UN { get; } = new("UN", 1, DicomVRKind.Binary, longLength: true, multiple: false);
    public static DicomVR UR { get; } = Text("UR", 0, longLength: true, multiple: false);
    public static DicomVR US { get; } = new("US", 2, DicomVRKind.Number);
    public static DicomVR UT { get; } = Text("UT", 0, longLength: true, multiple: false, characterSet: true);
    public static DicomVR UV { get; } = new("UV", 8, DicomVRKind.Number, longLength: true);

    /// <summary>Two letters.</summary>
    public string Code { get; }

    /// <summary>Bytes that are reversed together when byte order changes.</summary>
    public int UnitSize { get; }

    public DicomVRKind Kind { get; }

    /// <summary>Explicit encodings give it a 32-bit length.</summary>
    public bool HasLongLength { get; }

    /// <summary>Byte that makes an odd length even.</summary>
    public byte Padding { get; }

    /// <summary>Largest number of characters of one value; 0 where the standard sets none.</summary>
    public int MaxLength { get; }

    /// <summary>Values may be separated by a backslash (text) or follow each other (numbers).</summary>
    public bool IsMultiple { get; }

    /// <summary>Specific Character Set (0008,0005) applies.</summary>
    public bool UsesCharacterSet { get; }

    public bool IsText => Kind == DicomVRKind.Text;

    internal byte Index { get; }

    /// <summary>The VR of a two-letter code, or null.</summary>
    public static DicomVR? TryParse(ReadOnlySpan<char> code) =>
        code.Length == 2 && char.IsAsciiLetterUpper(code[0]) && char.IsAsciiLetterUpper(code[1]) ? s_byLetters[((code[0] - 'A') * 26) + code[1] - 'A'] : null;

    /// <exception cref="FormatException">No such VR.</exception>
    public static DicomVR Parse(string code) => TryParse(code) ?? throw new FormatException($"'{code}' is no value representation.");

    internal static DicomVR? FromLetters(byte first, byte second) =>
        (uint)(first - 'A') < 26 && (uint)(second - 'A') < 26 ? s_byLetters[((first - 'A') * 26) + second - 'A'] : null;

    internal static DicomVR FromIndex(byte index) => s_all[index];

    public override string ToString() => Code;

    private static DicomVR Text(string code, int maxLength, bool longLength = false, bool multiple = true, bool characterSet = false) =>
        new(code, 1, DicomVRKind.Text, longLength, (byte)' ', maxLength, multiple, characterSet);
}
