using BoneMet.Hosting;
using Yarp.ReverseProxy.Transforms;

namespace BoneMet.Gateway.Forwarding;

/// <summary>Puts the signed caller in the place of the API key, which never travels further than the gateway.</summary>
internal static class SignedCaller
{
    public static ValueTask Add(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        headers.Remove("Authorization");
        headers.Remove("X-Api-Key");
        headers.Remove(CallerSignature.Header);
        var signature = context.HttpContext.RequestServices.GetRequiredService<CallerSignature>();
        headers.TryAddWithoutValidation(CallerSignature.Header, signature.Sign(context.HttpContext.Caller()));
        return ValueTask.CompletedTask;
    }
}
