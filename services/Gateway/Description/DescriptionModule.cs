using BoneMet.Hosting;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace BoneMet.Gateway.Description;

/// <summary>
/// The API's OpenAPI 3.1 description and its page. The description is the checked-in <c>openapi.json</c>, the same in front of one process
/// or many; a test compares it with what the endpoints of AllInOne say of themselves.
/// </summary>
internal static class DescriptionModule
{
    public const string Route = "/openapi/v1.json";
    private const string Generated = "/openapi/generated/{documentName}.json";
    private const string Scheme = "apiKey";

    /// <summary>Scalar's own greys and method colours are too faint to read (below 4.5:1), and its page names no language.</summary>
    private const string Contrast = """
        .light-mode{--scalar-color-2:#4a4a4a;--scalar-color-3:#595959;--scalar-color-green:#00603c;--scalar-color-blue:#0a5896;--scalar-color-orange:#8a4b00;--scalar-color-red:#a8171c;--scalar-color-purple:#5b3fb0;--scalar-sidebar-search-color:#595959}
        .dark-mode{--scalar-color-3:#a8a8a8;--scalar-sidebar-search-color:#a8a8a8}
        """;
    private const string Language = "<script>document.documentElement.lang = 'en'</script>";

    public static void AddDescription(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new ApiDescription());
        builder.Services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "BoneMetPlatform",
                    Version = "v1",
                    Description = "Bone-metastasis risk from images, pathology and clinical factors. For research use; not a medical device. Errors are RFC 9457 problems with a stable `code`; lists are paged by `cursor`; POST honours `Idempotency-Key` where it says so.",
                };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "API key of a site: `bonemet site add NAME`" },
                };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
                return Task.CompletedTask;
            });
        });
    }

    public static void MapDescription(this WebApplication app)
    {
        app.MapOpenApi(Generated).RequireCaller();
        app.MapGet(Route, (ApiDescription description) => Results.Bytes(description.Json, "application/json")).AllowAnonymous().ExcludeFromDescription();
        app.MapScalarApiReference("/docs", page => page
            .WithTitle("BoneMetPlatform API")

            // A hospital's page asks nothing of anybody outside.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton()
            .WithCustomCss(Contrast)
            .AddHeadContent(Language)
            .WithOpenApiRoutePattern(Route)).AllowAnonymous().ExcludeFromDescription();
    }
}
