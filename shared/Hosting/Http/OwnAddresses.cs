using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BoneMet.Hosting;

/// <summary>The addresses this process really listens on; known once it has started.</summary>
public sealed class OwnAddresses
{
    private ListenOptions? http;
    private ListenOptions? grpc;

    public Uri Http => Address(http);
    public Uri Grpc => Address(grpc);

    internal void Listening(ListenOptions http, ListenOptions grpc) => (this.http, this.grpc) = (http, grpc);

    private static Uri Address(ListenOptions? options)
    {
        var endpoint = options?.IPEndPoint ?? throw new InvalidOperationException("This process does not listen yet.");
        if (endpoint.Port == 0) { throw new InvalidOperationException("This process does not listen yet."); }
        var host = endpoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : endpoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : endpoint.Address;
        return new UriBuilder("http", host.ToString(), endpoint.Port).Uri;
    }
}
