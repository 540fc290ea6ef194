using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace BoneMet.NomogramAggregation.Screening;

/// <summary>
/// Where this platform may send to: hosts that its operator listed, at public addresses or in networks that he listed. The address is judged
/// when the connection is made, so that a name which resolves differently later opens nothing.
/// </summary>
internal sealed class Destinations(IOptions<WebhookOptions> options)
{
    private const int LongestUrl = 500;
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "::1/128", "64:ff9b::/96", "2001:db8::/32", "2002::/16", "fc00::/7",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Nobody's service stands here: link-local (cloud metadata), multicast, reserved, unspecified. No setting opens them.</summary>
    private static readonly IPNetwork[] Never = [.. new[] { "0.0.0.0/32", "169.254.0.0/16", "224.0.0.0/3", "::/128", "fe80::/10", "ff00::/8" }.Select(IPNetwork.Parse)];

    private readonly IPNetwork[] opened = [.. options.Value.Networks.Select(IPNetwork.Parse)];

    /// <summary>Why nothing may be sent to this address; null when it may.</summary>
    public string? Refusal(string url)
    {
        if (options.Value.Destinations.Count == 0) { return "Webhooks are off: Webhooks:Destinations names no host."; }
        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address)) { return $"url must be an absolute address of at most {LongestUrl} characters."; }
        if (address.Scheme != Uri.UriSchemeHttps && !(options.Value.AllowHttp && address.Scheme == Uri.UriSchemeHttp)) { return options.Value.AllowHttp ? "url must begin with https:// or http://." : "url must begin with https://."; }
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0) { return "url must hold no user name, password or fragment."; }
        return options.Value.Destinations.Any(allowed => Fits(allowed, address)) ? null : $"{address.Authority} is not among Webhooks:Destinations.";
    }

    public bool MayConnect(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Never.Any(network => network.Contains(plain)) && (opened.Any(network => network.Contains(plain)) || !NotPublic.Any(network => network.Contains(plain)));
    }

    /// <summary>Connects to the first address of the host that is allowed.</summary>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation)).Where(MayConnect).ToArray();
        if (addresses.Length == 0) { throw new HttpRequestException("The destination resolves to no address that may be connected to."); }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Fits(string allowed, Uri address) =>
        string.Equals(allowed, address.IdnHost, StringComparison.OrdinalIgnoreCase) ? address.IsDefaultPort : string.Equals(allowed, $"{address.IdnHost}:{address.Port}", StringComparison.OrdinalIgnoreCase);
}
