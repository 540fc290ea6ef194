using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BoneMet.Dicom;

internal sealed class DicomJsonWriter(Utf8JsonWriter json, DicomJsonOptions options)
{
    private readonly StringBuilder _path = new();

    public void Write(DicomDataset dataset)
    {
        json.WriteStartObject();
        foreach (var item in dataset.Span)
        {
            if (item.Tag.Element == 0 || item.Tag.Group == 2) { continue; }
            json.WriteStartObject(item.Tag.ToHex());
            json.WriteString("vr", item.VR.Code);
            switch (item)
            {
                case DicomSequence sequence: WriteSequence(sequence); break;
                case DicomElement element when element.VR.Kind == DicomVRKind.Binary: WriteBinary(element, element.Length); break;
                case DicomElement element: WriteValues(dataset, element); break;
                case DicomFragmentSequence fragments: WriteBinary(fragments, fragments.Fragments.Sum(fragment => fragment.Length)); break;
                default: break;
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteSequence(DicomSequence sequence)
    {
        if (sequence.Count == 0) { return; }
        json.WriteStartArray("Value");
        for (var i = 0; i < sequence.Count; i++)
        {
            var length = _path.Length;
            _path.Append(CultureInfo.InvariantCulture, $"{sequence.Tag.ToHex()}/{i}/");
            Write(sequence[i]);
            _path.Length = length;
        }
        json.WriteEndArray();
    }

    private void WriteBinary(DicomItem item, long length)
    {
        if (length == 0) { return; }
        if (item is DicomElement inline && length <= options.MaxInlineBinary)
        {
            json.WriteString("InlineBinary", Convert.ToBase64String(inline.Span));
            return;
        }
        json.WriteString("BulkDataURI", options.BulkDataUri?.Invoke(_path + item.Tag.ToHex(), item) ?? "urn:sha256:" + Hash(item));
    }

    private static string Hash(DicomItem item)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[1 << 16];
        foreach (var part in item is DicomFragmentSequence fragments ? fragments.Fragments : [(DicomElement)item])
        {
            for (var at = 0L; at < part.Length;)
            {
                var piece = chunk.AsSpan(0, (int)Math.Min(chunk.Length, part.Length - at));
                part.Read(at, piece);
                hash.AppendData(piece);
                at += piece.Length;
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void WriteValues(DicomDataset dataset, DicomElement element)
    {
        if (element.Length == 0) { return; }
        var vr = element.VR;
        if (!vr.IsText)
        {
            WriteNumbers(dataset, element);
            return;
        }
        var text = DicomText.Decode(dataset, vr, element.Span);
        if (text.Length == 0) { return; }
        json.WriteStartArray("Value");
        if (!vr.IsMultiple) { json.WriteStringValue(text); }
        else
        {
            foreach (var part in text.Split('\\')) { WriteText(element.Tag, vr, part); }
        }
        json.WriteEndArray();
    }

    private void WriteText(DicomTag tag, DicomVR vr, string part)
    {
        if (part.Length == 0)
        {
            // An empty value of Specific Character Set is no missing one: it stands for the default repertoire.
            if (tag == DicomTag.SpecificCharacterSet) { json.WriteStringValue(""); }
            else { json.WriteNullValue(); }
        }
        else if (vr == DicomVR.PN) { WriteName(part); }
        else if ((vr == DicomVR.DS || vr == DicomVR.IS) && Number(part) is { } number) { json.WriteRawValue(number, skipInputValidation: true); }
        else { json.WriteStringValue(part); }
    }

    private void WriteName(string name)
    {
        var groups = name.Split('=', 3);
        json.WriteStartObject();
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i].Length > 0) { json.WriteString(i == 0 ? "Alphabetic" : i == 1 ? "Ideographic" : "Phonetic", groups[i]); }
        }
        json.WriteEndObject();
    }

    private void WriteNumbers(DicomDataset dataset, DicomElement element)
    {
        var unit = element.VR.Kind == DicomVRKind.Tag ? 4 : element.VR.UnitSize;
        if (element.Length < unit) { return; }
        json.WriteStartArray("Value");
        foreach (var text in DicomValues.All<string>(dataset, element))
        {
            if (element.VR.Kind == DicomVRKind.Tag || Number(text) is not { } number) { json.WriteStringValue(text); }
            else { json.WriteRawValue(number, skipInputValidation: true); }
        }
        json.WriteEndArray();
    }

    /// <summary>The digits of a decimal string as JSON writes numbers, or null when it is none.</summary>
    private static string? Number(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) { return null; }
        var sign = text[0] == '-' ? "-" : "";
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        var exponentAt = digits.IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? digits : digits[..exponentAt];
        var exponent = exponentAt < 0 ? "" : digits[exponentAt..].ToString();
        var point = mantissa.IndexOf('.');
        var whole = (point < 0 ? mantissa : mantissa[..point]).TrimStart('0');
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        if (whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9')) { return null; }
        return $"{sign}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : ".")}{fraction}{exponent}";
    }
}
