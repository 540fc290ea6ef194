using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>Lets pages of the configured origins call this process (CORS). Keys travel in a header, never as cookies.</summary>
internal static class OriginsModule
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    public static void UseOrigins(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.CorsOrigins;
        if (origins.Count == 0) { return; }
        app.UseCors(policy => policy.WithOrigins([.. origins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Location", "Warning", "ETag").SetPreflightMaxAge(Remembered));
    }
}
