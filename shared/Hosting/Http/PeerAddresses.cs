using Microsoft.Extensions.Configuration;

namespace BoneMet.Hosting;

/// <summary>Where the other services are: <c>Services:NAME:Grpc</c> and <c>Services:NAME:Http</c>; without them, in this process.</summary>
public sealed class PeerAddresses(IConfiguration configuration, OwnAddresses own)
{
    public Uri Grpc(string service) => Configured(service, "Grpc") ?? own.Grpc;

    public Uri Http(string service) => Configured(service, "Http") ?? own.Http;

    private Uri? Configured(string service, string kind)
    {
        var key = $"Services:{service}:{kind}";
        if (configuration[key] is not { Length: > 0 } text) { return null; }
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? address
            : throw new InvalidOperationException($"{key} must be an absolute http or https URL, not '{text}'.");
    }
}
