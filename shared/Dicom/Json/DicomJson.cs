using System.Text.Json;

namespace BoneMet.Dicom;

/// <summary>The DICOM JSON model (PS3.18 Annex F), both ways. Output is UTF-8; group lengths and file meta information are left out.</summary>
public static class DicomJson
{
    /// <summary>Depth of JSON for sequences as deep as the reader allows.</summary>
    internal const int MaxDepth = 1024;

    /// <summary>The data set as one JSON object.</summary>
    public static string ToJson(DicomDataset dataset, DicomJsonOptions? options = null)
    {
        using var memory = new MemoryStream();
        Write(memory, dataset, options);
        return System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    /// <summary>Writes the data set as one JSON object.</summary>
    public static void Write(Stream output, DicomDataset dataset, DicomJsonOptions? options = null)
    {
        options ??= DicomJsonOptions.Default;
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = options.Indented, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = MaxDepth });
        Write(writer, dataset, options);
    }

    /// <summary>Writes the data set as one JSON object into a larger document.</summary>
    public static void Write(Utf8JsonWriter writer, DicomDataset dataset, DicomJsonOptions? options = null) => new DicomJsonWriter(writer, options ?? DicomJsonOptions.Default).Write(dataset);

    /// <summary>Reads one object, or the first of an array. The data set is in UTF-8 whatever it was written from.</summary>
    /// <param name="json">The document.</param>
    /// <param name="bulkData">Fetches the bytes of a BulkDataURI; without it one is an error.</param>
    /// <exception cref="DicomException">No DICOM JSON: names the attribute and the reason.</exception>
    public static DicomDataset Parse(string json, Func<string, byte[]>? bulkData = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) { root = root[0]; }
            return Parse(root, bulkData);
        }
        catch (JsonException fault)
        {
            throw new DicomException($"not JSON: {fault.Message}", fault);
        }
    }

    /// <summary>Reads one object of a larger document.</summary>
    public static DicomDataset Parse(JsonElement element, Func<string, byte[]>? bulkData = null) => DicomJsonReader.Read(element, bulkData, 0);
}
