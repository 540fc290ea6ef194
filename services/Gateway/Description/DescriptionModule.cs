using Scalar.AspNetCore;

namespace BoneMet.Gateway.Description;

/// <summary>
/// The API's OpenAPI 3.1 description and its page. The description is the checked-in <c>openapi.json</c>, the same in front of one process
/// or many; a test compares it with what the endpoints of AllInOne say of themselves.
/// </summary>
internal static class DescriptionModule
{
    public const string Route = "/openapi/v1.json";

    public static void AddDescription(this WebApplicationBuilder builder) => builder.Services.AddSingleton(_ => new ApiDescription());

    public static void MapDescription(this WebApplication app)
    {
        app.MapGet(Route, (ApiDescription description) => Results.Bytes(description.Json, "application/json")).AllowAnonymous().ExcludeFromDescription();
        app.MapScalarApiReference("/docs", page => page
            .WithTitle("BoneMetPlatform API")
            .WithOpenApiRoutePattern(Route)).AllowAnonymous().ExcludeFromDescription();
    }
}
