using System.Buffers;
using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>Finds out how a text file is encoded: byte-order mark, UTF-8, GB18030 or Windows-1251.</summary>
/// <remarks>
/// Russian text in Windows-1251 lies almost wholly in 0xC0–0xFF (the letters А–я; Ё is 0xA8, ё 0xB8), while the bytes of Chinese text in
/// GB18030 spread over 0xB0–0xF7 and 0xA1–0xFE, a third of them below 0xC0. Nine tenths is the dividing line.
/// </remarks>
internal static class TextEncodings
{
    private const double CyrillicShare = 0.9;

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static Encoding ByName(string name) => name.ToUpperInvariant().Replace('_', '-') switch
    {
        "UTF-8" or "UTF8" => new UTF8Encoding(false, true),
        "GB18030" or "GBK" or "GB2312" or "CP936" => Strict("gb18030"),
        "WINDOWS-1251" or "CP1251" or "1251" => Strict("windows-1251"),
        "UTF-16" or "UTF-16LE" => new UnicodeEncoding(false, true, true),
        _ => throw new TableException($"The encoding '{name}' is not known; known are utf-8, gb18030, windows-1251 and utf-16."),
    };

    /// <summary>Reads the whole stream once (8-bit statistics and a UTF-8 check) and decides.</summary>
    /// <returns>The encoding and the number of bytes of a byte-order mark.</returns>
    public static (Encoding Encoding, int Preamble) Detect(Stream stream, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
        try
        {
            var validUtf8 = true;
            var pending = 0;
            long high = 0, cyrillic = 0;
            var first = true;
            int read;
            while ((read = stream.ReadAtLeast(buffer.AsSpan(0, 1 << 18), 4, throwOnEndOfStream: false)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                var bytes = buffer.AsSpan(0, read);
                if (first)
                {
                    first = false;
                    if (bytes.StartsWith("\uFEFF"u8)) { return (new UTF8Encoding(false, true), 3); }
                    if (bytes.StartsWith(new byte[] { 0xFF, 0xFE })) { return (new UnicodeEncoding(false, true, true), 2); }
                    if (bytes.StartsWith(new byte[] { 0xFE, 0xFF })) { return (new UnicodeEncoding(true, true, true), 2); }
                    if (bytes.StartsWith("PK\u0003\u0004"u8)) { throw new TableException("The file is a workbook or ZIP archive, not a text table: save it as CSV first."); }
                    if (bytes[..Math.Min(read, 4096)].Contains((byte)0)) { throw new TableException("The file holds zero bytes, so it is not a text table in UTF-8, GB18030 or Windows-1251."); }
                }
                if (Ascii.IsValid(bytes) && pending == 0) { continue; }
                foreach (var b in bytes)
                {
                    if (b >= 0x80)
                    {
                        high++;
                        if (b >= 0xC0 || b is 0xA8 or 0xB8) { cyrillic++; }
                    }
                    if (pending > 0)
                    {
                        if ((b & 0xC0) != 0x80) { validUtf8 = false; pending = 0; } else { pending--; }
                    }
                    else if (b >= 0x80)
                    {
                        pending = b switch { >= 0xC2 and <= 0xDF => 1, >= 0xE0 and <= 0xEF => 2, >= 0xF0 and <= 0xF4 => 3, _ => -1 };
                        if (pending < 0) { validUtf8 = false; pending = 0; }
                    }
                }
            }
            if (validUtf8 && pending == 0) { return (new UTF8Encoding(false, true), 0); }
            return (cyrillic >= CyrillicShare * high ? Strict("windows-1251") : Strict("gb18030"), 0);
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    private static Encoding Strict(string name) => Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
