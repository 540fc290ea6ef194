using Microsoft.AspNetCore.Http;

namespace BoneMet.Hosting;

/// <summary>The problems that endpoints answer with: <c>return Problems.NotFound("case-not-found", "There is no case …")</c>, or <c>throw</c>.</summary>
public static class Problems
{
    public static ProblemException BadRequest(string code, string detail) => Of(StatusCodes.Status400BadRequest, code, detail);

    public static ProblemException Unauthorized(string code = "no-api-key", string detail = "Send an API key: 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'.") =>
        Of(StatusCodes.Status401Unauthorized, code, detail);

    public static ProblemException Forbidden(string code, string detail) => Of(StatusCodes.Status403Forbidden, code, detail);

    public static ProblemException NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    public static ProblemException Conflict(string code, string detail) => Of(StatusCodes.Status409Conflict, code, detail);

    public static ProblemException Gone(string code, string detail) => Of(StatusCodes.Status410Gone, code, detail);

    public static ProblemException PreconditionFailed(string code, string detail) => Of(StatusCodes.Status412PreconditionFailed, code, detail);

    public static ProblemException TooLarge(string code, string detail) => Of(StatusCodes.Status413PayloadTooLarge, code, detail);

    public static ProblemException UnsupportedMedia(string code, string detail) => Of(StatusCodes.Status415UnsupportedMediaType, code, detail);

    /// <summary>Well formed, but it cannot be processed as it stands.</summary>
    public static ProblemException Unprocessable(string code, string detail) => Of(StatusCodes.Status422UnprocessableEntity, code, detail);

    public static ProblemException TooManyRequests(string code, string detail) => Of(StatusCodes.Status429TooManyRequests, code, detail);

    public static ProblemException Unavailable(string code, string detail) => Of(StatusCodes.Status503ServiceUnavailable, code, detail);

    public static ProblemException DiskFull(string detail) => Of(StatusCodes.Status507InsufficientStorage, "disk-full", detail);

    public static ProblemException Of(int status, string code, string detail) => new(status, code, detail);
}
