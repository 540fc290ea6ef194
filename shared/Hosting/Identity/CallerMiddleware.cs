using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BoneMet.Hosting;

/// <summary>
/// Finds out who calls, and refuses endpoints to the unknown: every endpoint needs a caller unless it says <c>AllowAnonymous()</c>. API keys
/// and clients' tokens count at the edge only; between processes the signed header counts. Headers named X-BoneMet-… that do not verify are removed.
/// </summary>
internal sealed class CallerMiddleware(RequestDelegate next, ServiceIdentity self, CallerSignature signature, SiteRegistry? sites = null, ClientTokens? tokens = null)
{
    private const string InternalPrefix = "X-BoneMet-";
    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        var caller = FromService(context);
        if (caller is not null || !self.IsEdge || sites is null) { return Continue(context, caller); }
        if (tokens is not null && Token(context.Request) is { } token && tokens.Concerns(context.Request.Path, token)) { return FromToken(context, tokens, token); }
        var lookup = FromKey(context.Request.Headers, sites, context.RequestAborted);
        return lookup.IsCompletedSuccessfully ? Continue(context, lookup.Result) : Await(context, lookup);
    }

    private async Task FromToken(HttpContext context, ClientTokens known, string token)
    {
        var (caller, refusal) = await known.Authenticate(token, context.Request.PathBase + context.Request.Path, context.RequestAborted);
        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            await Problems.Unauthorized("token-not-taken", $"The client's token is not taken: {refusal}.").ExecuteAsync(context);
            return;
        }
        await Continue(context, caller);
    }

    private static string? Token(HttpRequest request) =>
        (string?)request.Headers.Authorization is { } authorization && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;

    private async Task Await(HttpContext context, ValueTask<Caller?> lookup) => await Continue(context, await lookup);

    private Task Continue(HttpContext context, Caller? caller)
    {
        if (caller is not null)
        {
            context.Features.Set(caller);
            if (!caller.IsOperator && context.GetEndpoint()?.Metadata.GetMetadata<CallerRequired>() is { OperatorOnly: true })
            {
                return Problems.Forbidden("operators-only", "Only an operator may do this.").ExecuteAsync(context);
            }
        }
        else if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            var given = context.Request.Headers.Authorization.Count > 0 || context.Request.Headers.ContainsKey("X-Api-Key");
            return (given ? Problems.Unauthorized("unknown-api-key", "This API key is not known, or its site is disabled.") : Problems.Unauthorized()).ExecuteAsync(context);
        }
        return next(context);
    }

    private static ValueTask<Caller?> FromKey(IHeaderDictionary headers, SiteRegistry sites, CancellationToken cancellation)
    {
        var authorization = (string?)headers.Authorization;
        if (authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) { return sites.Authenticate(authorization.AsSpan(Bearer.Length).Trim(), cancellation); }
        return headers.TryGetValue("X-Api-Key", out var key) ? sites.Authenticate(((string?)key).AsSpan().Trim(), cancellation) : ValueTask.FromResult<Caller?>(null);
    }

    /// <summary>The signed caller, on ports where services speak to each other; everything else of that prefix goes.</summary>
    private Caller? FromService(HttpContext context)
    {
        var headers = context.Request.Headers;
        Caller? caller = null;
        if (headers.TryGetValue(CallerSignature.Header, out var header)) { caller = signature.Verify(header); }
        List<string>? foreign = null;
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith(InternalPrefix, StringComparison.OrdinalIgnoreCase)) { (foreign ??= []).Add(name); }
        }
        foreach (var name in foreign ?? []) { headers.Remove(name); }
        return caller;
    }
}
