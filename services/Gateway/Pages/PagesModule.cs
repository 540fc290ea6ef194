using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;

namespace BoneMet.Gateway.Pages;

/// <summary>Serves the portal: static files built from services/Portal, beside this assembly or at Gateway:Portal.</summary>
internal static class PagesModule
{
    /// <summary>The script that the report of a case holds as well; see <see cref="Policy"/>.</summary>
    private const string SharedScript = "nomogram.js";

    public static void MapPages(this WebApplication app)
    {
        var folder = app.Configuration["Gateway:Portal"] ?? Path.Combine(AppContext.BaseDirectory, "portal");
        if (!Directory.Exists(folder)) { return; }

        var files = new PhysicalFileProvider(Path.GetFullPath(folder));
        var policy = Policy(Path.Combine(folder, SharedScript));
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            RequestPath = "/portal",
            OnPrepareResponse = response =>
            {
                var headers = response.Context.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = "no-cache";
            },
        });
        app.MapGet("/", () => Results.Redirect("/portal/index.html")).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>
    /// Nothing from outside, no script but the portal's own. A report that the portal opens is held to the same policy, so the one script that
    /// a report holds is named by its hash.
    /// </summary>
    private static string Policy(string script)
    {
        var inReport = File.Exists(script) ? $" 'sha256-{Convert.ToBase64String(SHA256.HashData(File.ReadAllBytes(script)))}'" : "";
        return $"default-src 'none'; script-src 'self'{inReport}; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }
}
