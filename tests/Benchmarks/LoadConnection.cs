using System.Net.Sockets;
using System.Text;

namespace BoneMet.Benchmarks;

/// <summary>One HTTP/1.1 keep-alive connection that sends the same request again and again: cheap enough not to be what is measured.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];

    public static async Task<LoadConnection> Open(Uri url)
    {
        var connection = new LoadConnection();
        await connection.socket.ConnectAsync(url.Host, url.Port);
        return connection;
    }

    public static byte[] Request(string method, Uri url, string path, string key, string body) => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Sends the request and reads the whole answer; returns its status.</summary>
    public async ValueTask<int> Exchange(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var read = 0;
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (count == 0) { throw new IOException("The server closed the connection."); }
            read += count;
            if (Complete(buffer.AsSpan(0, read))) { return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3)); }
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool Complete(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("\r\n\r\n"u8);
        if (end < 0) { return false; }
        var head = text[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) { return text.EndsWith("0\r\n\r\n"u8); }
        var number = head[(at + 16)..];
        var line = number.IndexOf("\r\n"u8);
        return text.Length >= end + 4 + int.Parse(Encoding.ASCII.GetString(line < 0 ? number : number[..line]));
    }
}
