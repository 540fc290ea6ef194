using BoneMet.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BoneMet.Hosting;

/// <summary>Turns whatever escapes an endpoint into a problem. The message of an unexpected exception goes to the log, never to the caller.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        var problem = Translate(exception);
        if (problem.StatusCode == StatusCodes.Status500InternalServerError) { LogUnexpected(httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName, exception); }
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    internal static ProblemException Translate(Exception exception) => exception switch
    {
        ProblemException known => known,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.TooLarge("body-too-large", "The request body is larger than this route allows."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problems.UnsupportedMedia("unsupported-media-type", "This route does not accept that content type."),
        BadHttpRequestException { InnerException: System.Text.Json.JsonException json } => Problems.BadRequest("invalid-json", $"The body is not the JSON that this route takes: see '{json.Path ?? "$"}'."),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Problems.Of(StatusCodes.Status408RequestTimeout, "too-slow", "The request body arrived too slowly."),
        // Written by the framework's binding of parameters: names the parameter and what was given for it.
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad when bad.Message.StartsWith("Failed to bind", StringComparison.Ordinal) || bad.Message.StartsWith("Required parameter", StringComparison.Ordinal)
            => Problems.BadRequest("invalid-parameter", bad.Message),
        BadHttpRequestException bad => Problems.Of(bad.StatusCode, "bad-request", "The request is malformed, or its body ended early."),
        BlobTooLargeException large => Problems.TooLarge("body-too-large", $"The upload is larger than {large.MaxBytes} bytes."),
        DiskFullException => Problems.DiskFull("The disk has no room left for this; nothing of it was kept. Try again when space was made."),
        RpcException { StatusCode: Grpc.Core.StatusCode.Unavailable or Grpc.Core.StatusCode.DeadlineExceeded } => Problems.Unavailable("service-unavailable", "A service that is needed for this does not answer at the moment."),
        _ => Problems.Of(StatusCodes.Status500InternalServerError, "internal-error", "Something went wrong on our side. The trace id helps to find out what."),
    };

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "Unexpected fault in {Method} {Endpoint}")]
    private partial void LogUnexpected(string method, string? endpoint, Exception exception);
}
