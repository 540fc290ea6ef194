using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BoneMet.RiskModels;

/// <summary>JSON canonicalisation (RFC 8785): sorted names, no spaces, numbers in the shortest form of ECMAScript. Equal content gives equal bytes.</summary>
public static class CanonicalJson
{
    /// <summary>UTF-8 bytes of <paramref name="json"/> in canonical form.</summary>
    public static byte[] Bytes(JsonElement json)
    {
        var text = new StringBuilder();
        Write(json, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The number as ECMAScript's Number::toString prints it.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value)) { throw new ArgumentOutOfRangeException(nameof(value), "JSON has no NaN and no infinity."); }
        if (value == 0) { return "0"; }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Split(shortest);
        var sign = value < 0 ? "-" : "";
        return sign + (exponent switch
        {
            > 0 and <= 21 when digits.Length <= exponent => digits + new string('0', exponent - digits.Length),
            > 0 and <= 21 => string.Concat(digits.AsSpan(0, exponent), ".", digits.AsSpan(exponent)),
            > -6 and <= 0 => "0." + new string('0', -exponent) + digits,
            _ => (digits.Length == 1 ? digits : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1))) + "e" + (exponent > 0 ? "+" : "-") + Math.Abs(exponent - 1).ToString(CultureInfo.InvariantCulture),
        });
    }

    // Significant digits without leading or trailing zeros, and the position of the decimal point after the first 'exponent' of them.
    private static (string Digits, int Exponent) Split(string text)
    {
        text = text.TrimStart('-');
        var exponent = 0;
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.', StringComparison.Ordinal);
        exponent += point < 0 ? text.Length : point;
        var digits = text.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent - leading);
    }

    private static void Write(JsonElement json, StringBuilder text)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                var first = true;
                foreach (var property in json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (!first) { text.Append(','); }
                    first = false;
                    Write(property.Name, text);
                    text.Append(':');
                    Write(property.Value, text);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var index = 0;
                foreach (var item in json.EnumerateArray())
                {
                    if (index++ > 0) { text.Append(','); }
                    Write(item, text);
                }
                text.Append(']');
                break;
            case JsonValueKind.String: Write(json.GetString()!, text); break;
            case JsonValueKind.Number: text.Append(Number(json.GetDouble())); break;
            case JsonValueKind.True: text.Append("true"); break;
            case JsonValueKind.False: text.Append("false"); break;
            default: text.Append("null"); break;
        }
    }

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private static void Write(string value, StringBuilder text)
    {
        text.Append('"');
        if (!value.AsSpan().ContainsAny(Escaped)) { text.Append(value); }
        else
        {
            foreach (var c in value)
            {
                _ = c switch
                {
                    '"' => text.Append("\\\""),
                    '\\' => text.Append("\\\\"),
                    '\b' => text.Append("\\b"),
                    '\t' => text.Append("\\t"),
                    '\n' => text.Append("\\n"),
                    '\f' => text.Append("\\f"),
                    '\r' => text.Append("\\r"),
                    < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                    _ => text.Append(c),
                };
            }
        }
        text.Append('"');
    }
}
