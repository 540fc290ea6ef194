using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BoneMet.Hosting;

public static class IdempotencyExtensions
{
    /// <summary>The endpoint honours <c>Idempotency-Key</c>: one effect per (caller, key), the stored answer for every repetition, 422 for another request under the same key.</summary>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotentEndpoint());

    /// <summary>
    /// A new time-ordered id (32 hex digits) for what this request creates. Under an Idempotency-Key it is the same at every attempt, so that
    /// creating with <c>TrySave</c> at version 0 and finding it there means: an earlier attempt got this far.
    /// </summary>
    public static string NewId(this HttpContext context, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(clock);
        return context.Features.Get<ReservedId>()?.Value ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
    }
}
