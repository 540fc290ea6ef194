using Microsoft.AspNetCore.Http;

namespace BoneMet.Hosting;

/// <summary>Signs outgoing calls between services: on behalf of the present request's caller, else of this service itself.</summary>
internal sealed class CallerForwarding(CallerSignature signature, ServiceIdentity self, IHttpContextAccessor accessor) : DelegatingHandler
{
    private readonly Caller own = Caller.Service(self.Name);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(CallerSignature.Header);
        request.Headers.TryAddWithoutValidation(CallerSignature.Header, signature.Sign(accessor.HttpContext?.CallerOrNull() ?? own));
        return base.SendAsync(request, cancellationToken);
    }
}
