using System.Globalization;
using System.Text.Json;

namespace BoneMet.Dicom;

internal static class DicomJsonReader
{
    private const int MaxDepth = 100;

    public static DicomDataset Read(JsonElement element, Func<string, byte[]>? bulkData, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object) { throw new DicomException($"DICOM JSON needs an object here, not {element.ValueKind}."); }
        if (depth > MaxDepth) { throw new DicomException($"DICOM JSON nests sequences deeper than {MaxDepth}."); }
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        var declared = false;
        foreach (var property in element.EnumerateObject())
        {
            if (!DicomTag.TryParse(property.Name, out var tag)) { throw new DicomException($"'{property.Name}' is no DICOM tag."); }
            if (tag.Value.Element == 0) { continue; }
            if (tag == DicomTag.SpecificCharacterSet)
            {
                // The document is UTF-8: what the set was before has no meaning any more.
                declared = true;
                continue;
            }
            dataset.AddOrUpdate(ReadItem(dataset, tag.Value, property.Value, bulkData, depth));
        }
        if (depth > 0 && !declared) { dataset.Remove(DicomTag.SpecificCharacterSet); }
        return dataset;
    }

    private static DicomItem ReadItem(DicomDataset dataset, DicomTag tag, JsonElement attribute, Func<string, byte[]>? bulkData, int depth)
    {
        if (attribute.ValueKind != JsonValueKind.Object) { throw new DicomException($"{tag}: an attribute must be a JSON object."); }
        var vr = attribute.TryGetProperty("vr", out var code) && code.ValueKind == JsonValueKind.String
            ? DicomVR.TryParse(code.GetString()) ?? throw new DicomException($"{tag}: '{code.GetString()}' is no value representation.")
            : DicomDictionary.VR(tag);
        if (attribute.TryGetProperty("InlineBinary", out var inline))
        {
            return inline.ValueKind == JsonValueKind.String && inline.TryGetBytesFromBase64(out var bytes)
                ? new DicomElement(tag, vr, bytes)
                : throw new DicomException($"{tag}: InlineBinary is no base64.");
        }
        if (attribute.TryGetProperty("BulkDataURI", out var uri))
        {
            var address = uri.ValueKind == JsonValueKind.String ? uri.GetString()! : throw new DicomException($"{tag}: BulkDataURI is no text.");
            return new DicomElement(tag, vr, bulkData?.Invoke(address) ?? throw new DicomException($"{tag}: bulk data at {address} cannot be fetched here."));
        }
        var values = attribute.TryGetProperty("Value", out var array)
            ? array.ValueKind == JsonValueKind.Array ? array : throw new DicomException($"{tag}: Value is no array.")
            : default;
        var count = values.ValueKind == JsonValueKind.Array ? values.GetArrayLength() : 0;
        if (vr == DicomVR.SQ)
        {
            var sequence = new DicomSequence(tag);
            for (var i = 0; i < count; i++) { sequence.Add(Read(values[i], bulkData, depth + 1)); }
            return sequence;
        }
        if (count == 0) { return new DicomElement(tag, vr, []); }
        if (vr.Kind == DicomVRKind.Binary) { throw new DicomException($"{tag}: VR {vr} takes InlineBinary or BulkDataURI, not Value."); }
        // A missing value among several is an empty one in text; binary numbers cannot be empty, so there it is left out.
        var texts = values.EnumerateArray().Where(value => vr.IsText || value.ValueKind != JsonValueKind.Null).Select(value => Text(tag, vr, value)).ToArray();
        return new DicomElement(tag, vr, Encode(dataset, tag, vr, texts));
    }

    private static byte[] Encode(DicomDataset dataset, DicomTag tag, DicomVR vr, string[] texts)
    {
        if (vr == DicomVR.FD || vr == DicomVR.FL)
        {
            var numbers = texts.Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new DicomException($"{tag}: '{text}' is no number.")).ToArray();
            return DicomValues.Encode<double>(dataset, tag, vr, numbers);
        }
        return vr.UsesCharacterSet
            ? DicomText.Pad(System.Text.Encoding.UTF8.GetBytes(string.Join('\\', texts)), vr)
            : DicomValues.Encode<string>(dataset, tag, vr, texts);
    }

    private static string Text(DicomTag tag, DicomVR vr, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => vr == DicomVR.DS ? Decimal(value) : vr == DicomVR.IS || vr.Kind == DicomVRKind.Number ? Whole(vr, value) : value.GetRawText(),
        JsonValueKind.Object when vr == DicomVR.PN => Name(value),
        _ => throw new DicomException($"{tag}: {value.ValueKind} is no value of VR {vr}."),
    };

    private static string Decimal(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 16 ? text : DicomValues.ToDecimalString(value.GetDouble());
    }

    /// <summary>1e3 and 1000.0 are whole numbers too.</summary>
    private static string Whole(DicomVR vr, JsonElement value)
    {
        var text = value.GetRawText();
        if (vr == DicomVR.FL || vr == DicomVR.FD || !text.AsSpan().ContainsAny(".eE")) { return text; }
        var number = value.GetDouble();
        return number == Math.Floor(number) ? number.ToString("F0", CultureInfo.InvariantCulture) : text;
    }

    private static string Name(JsonElement value)
    {
        var name = string.Join('=', Group(value, "Alphabetic"), Group(value, "Ideographic"), Group(value, "Phonetic"));
        return name.TrimEnd('=');
    }

    private static string Group(JsonElement value, string name) => value.TryGetProperty(name, out var group) && group.ValueKind == JsonValueKind.String ? group.GetString()! : "";
}
