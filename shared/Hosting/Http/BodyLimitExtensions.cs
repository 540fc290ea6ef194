using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;

namespace BoneMet.Hosting;

public static class BodyLimitExtensions
{
    /// <summary>Largest request body, in bytes, that this route takes (30 MiB where nothing is said); more is answered 413.</summary>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder builder, long bytes)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequestSizeLimitAttribute(bytes));

    /// <summary>No limit here: for routes that stream, and bound what they store themselves.</summary>
    public static TBuilder WithoutBodyLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new DisableRequestSizeLimitAttribute());
}
