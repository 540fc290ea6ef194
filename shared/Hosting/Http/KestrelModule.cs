using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

internal static class KestrelModule
{
    private const long MiB = 1L << 20;

    public static void AddKestrel(this WebApplicationBuilder builder)
    {
        var own = new OwnAddresses();
        builder.Services.AddSingleton(own);
        builder.Services.AddSingleton<PeerAddresses>();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<IOptions<HttpOptions>>().Value;
            if (!IPAddress.TryParse(options.Bind, out var address))
            {
                address = options.Bind == "localhost" ? IPAddress.Loopback : throw new OptionsValidationException(HttpOptions.Section, typeof(HttpOptions), [$"Http:Bind must be an IP address, not '{options.Bind}'."]);
            }
            ListenOptions? http = null;
            kestrel.Listen(address, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                http = listen;
            });
            kestrel.Listen(address, options.GrpcPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                own.Listening(http!, listen);
            });
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 30 * MiB;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        });
    }
}
