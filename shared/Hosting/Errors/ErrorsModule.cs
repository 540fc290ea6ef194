using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace BoneMet.Hosting;

internal static class ErrorsModule
{
    public static void AddErrors(this IServiceCollection services)
    {
        services.AddExceptionHandler<ProblemHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            var status = problem.Status ?? context.HttpContext.Response.StatusCode;
            problem.Status = status;
            problem.Title = ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } title ? title : "Error";
            problem.Type = $"https://www.rfc-editor.org/rfc/rfc9110#status.{status}";
            problem.Instance ??= context.HttpContext.Request.Path;
            problem.Extensions.TryAdd("code", CodeOf(status));
            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        });
    }

    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => context.HttpContext.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
            ? Task.CompletedTask
            : Problems.Of(context.HttpContext.Response.StatusCode, CodeOf(context.HttpContext.Response.StatusCode), DetailOf(context.HttpContext)).ExecuteAsync(context.HttpContext));
    }

    internal static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
        StatusCodes.Status413PayloadTooLarge => "body-too-large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
        StatusCodes.Status429TooManyRequests => "too-many-requests",
        StatusCodes.Status500InternalServerError => "internal-error",
        _ => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase.ToLowerInvariant().Replace(' ', '-') : $"http-{status}",
    };

    private static string DetailOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not possible here; allowed: {context.Response.Headers.Allow}.",
        StatusCodes.Status413PayloadTooLarge => "The request body is larger than this route allows.",
        StatusCodes.Status415UnsupportedMediaType => $"This route does not accept '{context.Request.ContentType ?? "a body without content type"}'.",
        StatusCodes.Status429TooManyRequests => "Too many requests; wait as long as Retry-After says.",
        StatusCodes.Status400BadRequest => "The request is malformed, or a value in it is not of the kind that this route takes.",
        _ => ReasonPhrases.GetReasonPhrase(context.Response.StatusCode),
    };
}
