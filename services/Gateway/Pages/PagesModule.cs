using Microsoft.Extensions.FileProviders;

namespace BoneMet.Gateway.Pages;

/// <summary>Serves the portal: static files built from services/Portal, beside this assembly or at Gateway:Portal.</summary>
internal static class PagesModule
{
    public static void MapPages(this WebApplication app)
    {
        var folder = app.Configuration["Gateway:Portal"] ?? Path.Combine(AppContext.BaseDirectory, "portal");
        if (!Directory.Exists(folder)) { return; }

        var files = new PhysicalFileProvider(Path.GetFullPath(folder));
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, RequestPath = "/portal" });
        app.MapGet("/", () => Results.Redirect("/portal/index.html")).AllowAnonymous().ExcludeFromDescription();
    }
}
