using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

public static class GrpcPeerExtensions
{
    private const int LargestMessage = 16 << 20;

    /// <summary>
    /// Registers the generated client of another service. Calls carry the caller of the request that causes them, or this service's own
    /// identity, signed; a peer that does not answer is tried again for about five seconds.
    /// </summary>
    public static IHttpClientBuilder AddGrpcPeer<TClient>(this IHostApplicationBuilder builder, string serviceName)
        where TClient : ClientBase
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddTransient<CallerForwarding>();
        return builder.Services
            .AddGrpcClient<TClient>($"{serviceName}/{typeof(TClient).FullName}", (services, options) =>
            {
                options.Address = services.GetRequiredService<PeerAddresses>().Grpc(serviceName);
                options.ChannelOptionsActions.Add(channel =>
                {
                    channel.MaxReceiveMessageSize = LargestMessage;
                    channel.MaxSendMessageSize = LargestMessage;
                    channel.ServiceConfig = new ServiceConfig { MethodConfigs = { Retry() } };
                });
            })
            .AddHttpMessageHandler<CallerForwarding>()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            });
    }

    private static MethodConfig Retry() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5,
            // gRPC waits a random part of each: 0.4, 1.2, 3.6 and 6 s at most, half of that on average.
            InitialBackoff = TimeSpan.FromMilliseconds(400),
            MaxBackoff = TimeSpan.FromSeconds(6),
            BackoffMultiplier = 3,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
