namespace BoneMet.DicomIngestion.Retrieve;

/// <summary>
/// One entry of an Accept header as DICOMweb uses it (PS3.18 8.7.4): <c>multipart/related; type="application/octet-stream"; transfer-syntax=*</c>.
/// Viewers also write the type without its quotes, which RFC 7231 does not allow, so the header is read leniently.
/// </summary>
internal sealed record AcceptedType(string MediaType, string? Part, string? TransferSyntax)
{
    private const string Multipart = "multipart/related";

    public bool IsMultipart => MediaType == Multipart;

    /// <summary>What the answer, or each part of it, may be.</summary>
    public string Content => IsMultipart ? Part ?? "*/*" : MediaType;

    public bool IsAny => Content == "*/*";

    /// <summary>The entries in the order of the header; one that takes everything where there is none.</summary>
    public static IReadOnlyList<AcceptedType> Of(HttpRequest request)
    {
        var text = request.Query["accept"].ToString() is { Length: > 0 } asked ? asked : request.Headers.Accept.ToString();
        var entries = Split(text, ',').Select(Parse).Where(entry => entry.MediaType.Length > 0).ToList();
        return entries.Count > 0 ? entries : [new AcceptedType("*/*", null, null)];
    }

    public bool Takes(string contentType) => IsAny || Content == contentType || (Content.EndsWith("/*", StringComparison.Ordinal) && contentType.StartsWith(Content[..^1], StringComparison.Ordinal));

    private static AcceptedType Parse(string entry)
    {
        var fields = Split(entry, ';');
        string? part = null, syntax = null;
        foreach (var field in fields.Skip(1))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) { continue; }
            var value = field[(equals + 1)..].Trim().Trim('"');
            switch (field[..equals].Trim().ToLowerInvariant())
            {
                case "type": part = value.ToLowerInvariant(); break;
                case "transfer-syntax": syntax = value; break;
                default: break;
            }
        }
        return new AcceptedType(fields.Count > 0 ? fields[0].ToLowerInvariant() : "", part, syntax);
    }

    private static List<string> Split(string text, char separator)
    {
        var (pieces, start, quoted) = (new List<string>(), 0, false);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] == '"') { quoted = !quoted; }
            if (at < text.Length && (text[at] != separator || quoted)) { continue; }
            if (text[start..at].Trim() is { Length: > 0 } piece) { pieces.Add(piece); }
            start = at + 1;
        }
        return pieces;
    }
}
