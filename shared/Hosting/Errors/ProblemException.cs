using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace BoneMet.Hosting;

/// <summary>
/// An RFC 9457 problem. An endpoint returns it (it is a result) or anything below throws it: the caller sees the same answer. Its detail is
/// written for the caller; nothing else of an exception ever leaves the process.
/// </summary>
public sealed class ProblemException : Exception, IResult, IStatusCodeHttpResult
{
    private readonly Dictionary<string, object?> extensions = [];

    public ProblemException()
        : this(StatusCodes.Status500InternalServerError, "internal-error", "Something went wrong.")
    {
    }

    public ProblemException(string message)
        : this(StatusCodes.Status500InternalServerError, "internal-error", message)
    {
    }

    public ProblemException(string message, Exception innerException)
        : base(message, innerException) => (StatusCode, Code) = (StatusCodes.Status500InternalServerError, "internal-error");

    public ProblemException(int statusCode, string code, string detail)
        : base(detail) => (StatusCode, Code) = (statusCode, code);

    public int StatusCode { get; }

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    /// <summary>Stable kebab-case code that programs may act on.</summary>
    public string Code { get; }

    /// <summary>Adds a member to the problem, for instance the faults of each field.</summary>
    public ProblemException With(string name, object? value)
    {
        extensions[name] = value;
        return this;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = StatusCode;
        var problem = new ProblemDetails { Status = StatusCode, Detail = Message };
        problem.Extensions["code"] = Code;
        foreach (var (name, value) in extensions) { problem.Extensions[name] = value; }
        var service = httpContext.RequestServices.GetRequiredService<IProblemDetailsService>();
        if (!await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem }))
        {
            // The caller accepts no JSON: the problem is sent all the same, as RFC 9457 permits.
            await httpContext.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", httpContext.RequestAborted);
        }
    }
}
