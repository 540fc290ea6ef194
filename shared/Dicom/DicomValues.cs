using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace BoneMet.Dicom;

/// <summary>Turns the bytes of an element into typed values and back.</summary>
internal static class DicomValues
{
    /// <summary>The whole value as text, without padding; values stay joined by backslashes.</summary>
    public static string Text(DicomDataset dataset, DicomElement element)
    {
        var vr = Interpret(element);
        if (vr.Kind is DicomVRKind.Text) { return DicomText.Decode(dataset, vr, element.Span); }
        return string.Join('\\', Strings(element.VR == vr ? element : element.As(element.Tag, vr)));
    }

    public static T[] All<T>(DicomDataset dataset, DicomElement element) =>
        TryAll<T>(dataset, element, out var values) ? values : throw new DicomException($"{element.Tag} {element.Tag.Keyword} is not readable as {typeof(T).Name}.");

    public static bool TryAll<T>(DicomDataset dataset, DicomElement element, [NotNullWhen(true)] out T[]? values)
    {
        values = null;
        if (typeof(T) == typeof(byte[]))
        {
            values = [(T)(object)element.Buffer.ToArray()];
            return true;
        }
        var vr = Interpret(element);
        if (vr != element.VR) { element = element.As(element.Tag, vr); }
        if (vr.IsText)
        {
            if (element.Length == 0)
            {
                values = [];
                return true;
            }
            var text = Text(dataset, element);
            var parts = vr.IsMultiple ? text.Split('\\') : [text];
            values = new T[parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                if (!TryParse<T>(parts[i].AsSpan(), out var value)) { return false; }
                values[i] = value;
            }
            return true;
        }
        var count = vr.Kind switch
        {
            DicomVRKind.Tag => (int)Math.Min(element.Length / 4, int.MaxValue),
            _ => (int)Math.Min(element.Length / vr.UnitSize, int.MaxValue),
        };
        values = new T[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryNumber<T>(element, i, out var value)) { return false; }
            values[i] = value;
        }
        return true;
    }

    public static bool TryFirst<T>(DicomDataset dataset, DicomElement element, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (element.Length == 0) { return false; }
        if (typeof(T) == typeof(byte[]))
        {
            value = (T)(object)element.Buffer.ToArray();
            return true;
        }
        var vr = Interpret(element);
        if (vr.IsText)
        {
            var text = DicomText.Decode(dataset, vr, element.Span);
            var end = vr.IsMultiple ? text.IndexOf('\\', StringComparison.Ordinal) : -1;
            if (typeof(T) == typeof(string))
            {
                value = (T)(object)(end < 0 ? text : text[..end].Trim(' '));
                return text.Length > 0;
            }
            return TryParse(end < 0 ? text : text.AsSpan(0, end), out value);
        }
        if (element.Length < (vr.Kind == DicomVRKind.Tag ? 4 : vr.UnitSize)) { return false; }
        return TryNumber(vr == element.VR ? element : element.As(element.Tag, vr), 0, out value);
    }

    public static byte[] Encode<T>(DicomDataset dataset, DicomTag tag, DicomVR vr, ReadOnlySpan<T> values)
    {
        if (typeof(T) == typeof(byte[])) { return values.Length == 1 ? (byte[])(object)values[0]! : throw new DicomException($"{tag} takes one array of bytes."); }
        switch (vr.Kind)
        {
            case DicomVRKind.Text:
                var parts = new string[values.Length];
                for (var i = 0; i < parts.Length; i++) { parts[i] = ToText(values[i]); }
                return DicomText.Encode(dataset, vr, string.Join('\\', parts));
            case DicomVRKind.Tag:
                var tags = new byte[values.Length * 4];
                for (var i = 0; i < values.Length; i++)
                {
                    var value = values[i] is DicomTag given ? given : DicomTag.Parse(ToText(values[i]));
                    BinaryPrimitives.WriteUInt16LittleEndian(tags.AsSpan(4 * i), value.Group);
                    BinaryPrimitives.WriteUInt16LittleEndian(tags.AsSpan((4 * i) + 2), value.Element);
                }
                return tags;
            case DicomVRKind.Sequence:
                throw new DicomException($"{tag} is a sequence; its items are data sets.");
            default:
                return EncodeNumbers(tag, vr, values);
        }
    }

    internal static string ToText<T>(T value) => value switch
    {
        null => "",
        string text => text,
        double number => ToDecimalString(number),
        float number => ToDecimalString(number),
        DateOnly date => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        DateTime date => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A decimal string of at most 16 characters (PS3.5 VR DS).</summary>
    internal static string ToDecimalString(double value)
    {
        for (var digits = 17; digits > 0; digits--)
        {
            var text = digits == 17 ? value.ToString("R", CultureInfo.InvariantCulture) : value.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (text.Length <= 16) { return text; }
        }
        throw new DicomException($"{value} does not fit a decimal string.");
    }

    /// <summary>An element that came as UN is read by the dictionary where that knows text or numbers.</summary>
    private static DicomVR Interpret(DicomElement element)
    {
        if (element.VR != DicomVR.UN) { return element.VR; }
        var known = DicomDictionary.VR(element.Tag);
        return known == DicomVR.SQ ? DicomVR.UN : known;
    }

    private static IEnumerable<string> Strings(DicomElement element)
    {
        var count = element.VR.Kind switch
        {
            DicomVRKind.Tag => element.Length / 4,
            _ => element.Length / element.VR.UnitSize,
        };
        for (var i = 0; i < count; i++)
        {
            yield return element.VR.Kind == DicomVRKind.Tag ? ReadTag(element, i).ToHex() : NumberText(element, i);
        }
    }

    private static string NumberText(DicomElement element, int index)
    {
        if (element.VR == DicomVR.UN) { return element.Span[index].ToString(CultureInfo.InvariantCulture); }
        if (element.VR == DicomVR.SV) { return BinaryPrimitives.ReadInt64LittleEndian(element.Span[(8 * index)..]).ToString(CultureInfo.InvariantCulture); }
        if (element.VR == DicomVR.UV) { return BinaryPrimitives.ReadUInt64LittleEndian(element.Span[(8 * index)..]).ToString(CultureInfo.InvariantCulture); }
        if (element.VR == DicomVR.FL || element.VR == DicomVR.OF) { return BinaryPrimitives.ReadSingleLittleEndian(element.Span[(4 * index)..]).ToString(CultureInfo.InvariantCulture); }
        return element.Number(index).ToString(CultureInfo.InvariantCulture);
    }

    private static DicomTag ReadTag(DicomElement element, int index) =>
        new(BinaryPrimitives.ReadUInt16LittleEndian(element.Span[(4 * index)..]), BinaryPrimitives.ReadUInt16LittleEndian(element.Span[((4 * index) + 2)..]));

    private static bool TryParse<T>(ReadOnlySpan<char> part, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (typeof(T) == typeof(string))
        {
            value = (T)(object)part.ToString();
            return true;
        }
        part = part.Trim(' ');
        if (typeof(T) == typeof(DicomUID))
        {
            value = (T)(object)new DicomUID(part.ToString());
            return part.Length > 0;
        }
        if (typeof(T) == typeof(DateOnly))
        {
            var read = DateOnly.TryParseExact(part, ["yyyyMMdd", "yyyy.MM.dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
            value = (T)(object)date;
            return read;
        }
        if (typeof(T) == typeof(DicomTag))
        {
            var read = DicomTag.TryParse(part.ToString(), out var tag);
            value = read ? (T)(object)tag!.Value : default;
            return read;
        }
        return double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && TryConvert(number, out value);
    }

    private static bool TryNumber<T>(DicomElement element, int index, [MaybeNullWhen(false)] out T value)
    {
        if (typeof(T) == typeof(string))
        {
            value = (T)(object)(element.VR.Kind == DicomVRKind.Tag ? ReadTag(element, index).ToHex() : NumberText(element, index));
            return true;
        }
        if (element.VR.Kind == DicomVRKind.Tag)
        {
            value = typeof(T) == typeof(DicomTag) ? (T)(object)ReadTag(element, index) : default;
            return typeof(T) == typeof(DicomTag);
        }
        if (typeof(T) == typeof(long) && element.VR == DicomVR.SV)
        {
            value = (T)(object)BinaryPrimitives.ReadInt64LittleEndian(element.Span[(8 * index)..]);
            return true;
        }
        if (typeof(T) == typeof(ulong) && (element.VR == DicomVR.UV || element.VR == DicomVR.OV))
        {
            value = (T)(object)BinaryPrimitives.ReadUInt64LittleEndian(element.Span[(8 * index)..]);
            return true;
        }
        return TryConvert(element.VR == DicomVR.UN ? element.Span[index] : element.Number(index), out value);
    }

    private static bool TryConvert<T>(double number, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (typeof(T) == typeof(double)) { value = (T)(object)number; }
        else if (typeof(T) == typeof(float)) { value = (T)(object)(float)number; }
        else if (typeof(T) == typeof(decimal) && Math.Abs(number) < 1e28) { value = (T)(object)(decimal)number; }
        else if (number != Math.Floor(number)) { return false; }
        else if (typeof(T) == typeof(int) && number is >= int.MinValue and <= int.MaxValue) { value = (T)(object)(int)number; }
        else if (typeof(T) == typeof(uint) && number is >= 0 and <= uint.MaxValue) { value = (T)(object)(uint)number; }
        else if (typeof(T) == typeof(ushort) && number is >= 0 and <= ushort.MaxValue) { value = (T)(object)(ushort)number; }
        else if (typeof(T) == typeof(short) && number is >= short.MinValue and <= short.MaxValue) { value = (T)(object)(short)number; }
        else if (typeof(T) == typeof(byte) && number is >= 0 and <= byte.MaxValue) { value = (T)(object)(byte)number; }
        else if (typeof(T) == typeof(long) && Math.Abs(number) < 9e18) { value = (T)(object)(long)number; }
        else if (typeof(T) == typeof(ulong) && number is >= 0 and < 1.8e19) { value = (T)(object)(ulong)number; }
        else { return false; }
        return true;
    }

    private static byte[] EncodeNumbers<T>(DicomTag tag, DicomVR vr, ReadOnlySpan<T> values)
    {
        if (vr == DicomVR.UN && typeof(T) == typeof(string)) { return Encoding.UTF8.GetBytes(string.Join('\\', values.ToArray())); }
        var unit = vr.UnitSize;
        var bytes = new byte[values.Length * unit];
        for (var i = 0; i < values.Length; i++)
        {
            var target = bytes.AsSpan(i * unit, unit);
            try
            {
                var value = (IConvertible)values[i]!;
                switch (vr.Code)
                {
                    case "US" or "OW": BinaryPrimitives.WriteUInt16LittleEndian(target, value.ToUInt16(CultureInfo.InvariantCulture)); break;
                    case "SS": BinaryPrimitives.WriteInt16LittleEndian(target, value.ToInt16(CultureInfo.InvariantCulture)); break;
                    case "UL" or "OL": BinaryPrimitives.WriteUInt32LittleEndian(target, value.ToUInt32(CultureInfo.InvariantCulture)); break;
                    case "SL": BinaryPrimitives.WriteInt32LittleEndian(target, value.ToInt32(CultureInfo.InvariantCulture)); break;
                    case "UV" or "OV": BinaryPrimitives.WriteUInt64LittleEndian(target, value.ToUInt64(CultureInfo.InvariantCulture)); break;
                    case "SV": BinaryPrimitives.WriteInt64LittleEndian(target, value.ToInt64(CultureInfo.InvariantCulture)); break;
                    case "FL" or "OF": BinaryPrimitives.WriteSingleLittleEndian(target, value.ToSingle(CultureInfo.InvariantCulture)); break;
                    case "FD" or "OD": BinaryPrimitives.WriteDoubleLittleEndian(target, value.ToDouble(CultureInfo.InvariantCulture)); break;
                    default: target[0] = value.ToByte(CultureInfo.InvariantCulture); break;
                }
            }
            catch (Exception fault) when (fault is OverflowException or FormatException or InvalidCastException or NullReferenceException)
            {
                throw new DicomException($"{tag} {tag.Keyword}: '{values[i]}' is no value of VR {vr}.", fault);
            }
        }
        return bytes;
    }
}
