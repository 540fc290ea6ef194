using System.Text;

namespace BoneMet.Statistics.Tables;

/// <summary>Opens the same text again and again as UTF-8 bytes.</summary>
internal sealed record Pass(Func<Stream> Source, Encoding Encoding, int Preamble, byte Delimiter, long Length)
{
    public Stream Open() => Open(Source, Encoding, Preamble);

    public static Stream Open(Func<Stream> source, Encoding encoding, int preamble)
    {
        var stream = source();
        for (var i = 0; i < preamble; i++) { stream.ReadByte(); }
        return encoding is UTF8Encoding ? stream : Encoding.CreateTranscodingStream(stream, encoding, Encoding.UTF8);
    }
}
