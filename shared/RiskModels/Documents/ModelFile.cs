using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace BoneMet.RiskModels;

/// <summary>Reads, writes and identifies model documents.</summary>
public static class ModelFile
{
    /// <summary>Largest document that is read at all, in bytes.</summary>
    public const int LargestBytes = 8 * 1024 * 1024;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a document strictly: a model, or every fault with its JSON pointer.</summary>
    public static ModelLoad Load(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LargestBytes) { return new(null, [new("", $"has {utf8.Length} bytes; {LargestBytes} are allowed")]); }
        JsonDocument document;
        try
        {
            if (utf8.StartsWith(Encoding.UTF8.Preamble)) { utf8 = utf8[Encoding.UTF8.Preamble.Length..]; }
            if (TextFault(utf8) is { } fault) { return new(null, [new("", fault)]); }
            document = JsonDocument.Parse(utf8.ToArray(), new() { MaxDepth = 64 });
        }
        catch (JsonException error)
        {
            return new(null, [new("", $"is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}")]);
        }
        using (document)
        {
            var faults = new List<ModelFault>();
            var model = ModelReader.Read(document.RootElement, faults);
            ModelChecks.Check(model, faults);
            return faults.Count == 0 ? new(model, []) : new(null, faults);
        }
    }

    // Half of a surrogate pair can be written as an escape; no text of .NET can hold it.
    private static string? TextFault(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) { return "is not UTF-8"; }
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) { continue; }
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return $"holds half of a surrogate pair at byte {reader.TokenStartIndex}";
            }
        }
        return null;
    }

    /// <inheritdoc cref="Load(ReadOnlySpan{byte})"/>
    public static ModelLoad Load(string json) => Load(Encoding.UTF8.GetBytes(json));

    /// <summary>The document, indented, for people; reading it back gives the same model.</summary>
    public static string Save(RiskModel model) => ModelWriter.Write(model, signed: true).ToJsonString(Indented) + "\n";

    /// <summary>Canonical form (RFC 8785) without the signature: what is hashed and signed.</summary>
    public static byte[] Canonical(RiskModel model)
    {
        using var document = JsonDocument.Parse(ModelWriter.Write(model, signed: false).ToJsonString());
        return CanonicalJson.Bytes(document.RootElement);
    }

    /// <summary>SHA-256 of the canonical form, lower-case hexadecimal: the identity of a model.</summary>
    public static string Sha256(RiskModel model) => Convert.ToHexStringLower(SHA256.HashData(Canonical(model)));
}
