using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BoneMet.Hosting;

public static class CallerExtensions
{
    /// <summary>Who calls.</summary>
    /// <exception cref="ProblemException">401: nobody known does.</exception>
    public static Caller Caller(this HttpContext context) => context.CallerOrNull() ?? throw Problems.Unauthorized();

    public static Caller? CallerOrNull(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>();
    }

    /// <summary>
    /// Documents that the endpoint answers 401 and 403. Every endpoint asks for a caller anyway, unless it says <c>AllowAnonymous()</c>:
    /// forgetting this call opens nothing.
    /// </summary>
    public static TBuilder RequireCaller<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CallerRequired(OperatorOnly: false));

    /// <summary>Only an operator may call this endpoint; a site gets 403.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new CallerRequired(OperatorOnly: true));
}
