using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BoneMet.Dicom;

/// <summary>A data element's number: group and element. Known ones are static members by PS3.6 keyword, e.g. <c>DicomTag.PatientID</c>.</summary>
public readonly partial record struct DicomTag : IComparable<DicomTag>
{
    public DicomTag(ushort group, ushort element) : this(((uint)group << 16) | element) { }

    public DicomTag(uint value) => Value = value;

    /// <summary>Group in the upper, element in the lower half.</summary>
    public uint Value { get; }

    public ushort Group => (ushort)(Value >> 16);

    public ushort Element => (ushort)Value;

    /// <summary>Odd group: meaning given by a private creator.</summary>
    public bool IsPrivate => (Value & 0x10000) != 0;

    /// <summary>(gggg,0010-00FF) in an odd group: reserves a block for a creator.</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x10 and <= 0xFF;

    /// <summary>The creator element that gives this private element its meaning.</summary>
    public DicomTag CreatorTag => new(Group, (ushort)(Element >> 8));

    /// <summary>Keyword of PS3.6, or null.</summary>
    public string? Keyword => DicomDictionary.Keyword(this);

    /// <summary>Accepts <c>00100010</c>, <c>0010,0010</c>, <c>(0010,0010)</c> and keywords.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DicomTag? tag)
    {
        tag = null;
        if (string.IsNullOrEmpty(text)) { return false; }
        var hex = text.Trim('(', ')').Replace(",", "", StringComparison.Ordinal);
        if (hex.Length == 8 && uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            tag = new DicomTag(value);
            return true;
        }
        tag = DicomDictionary.Find(text);
        return tag is not null;
    }

    /// <exception cref="FormatException">The text is neither a number nor a keyword.</exception>
    public static DicomTag Parse(string text) =>
        TryParse(text, out var tag) ? tag.Value : throw new FormatException($"'{text}' is no DICOM tag: give it as gggg,eeee or by its PS3.6 keyword.");

    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    public static bool operator <(DicomTag left, DicomTag right) => left.Value < right.Value;

    public static bool operator >(DicomTag left, DicomTag right) => left.Value > right.Value;

    public static bool operator <=(DicomTag left, DicomTag right) => left.Value <= right.Value;

    public static bool operator >=(DicomTag left, DicomTag right) => left.Value >= right.Value;

    /// <summary><c>(0010,0020)</c></summary>
    public override string ToString() => $"({Group:X4},{Element:X4})";

    /// <summary><c>00100020</c>, as DICOM JSON names it.</summary>
    public string ToHex() => Value.ToString("X8", CultureInfo.InvariantCulture);
}
