using System.Net;
using System.Net.Sockets;

namespace BoneMet.Cli.Platform;

internal static class FreePort
{
    /// <summary>That many different TCP ports on loopback that nobody listens on at this moment.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners) { listener.Start(); }
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) { listener.Dispose(); }
        }
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException) { return false; }
    }
}
