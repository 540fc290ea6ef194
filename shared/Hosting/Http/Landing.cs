using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>A friendly page at <c>/</c> for whoever opens a service in a browser. Any other endpoint at <c>/</c> takes its place.</summary>
internal static class Landing
{
    private const int Last = 10_000;

    public static void MapLanding(this WebApplication app) =>
        app.MapGet("/", (ServiceIdentity self, IOptions<LandingOptions> options) => Results.Content(Page(self, options.Value), "text/html; charset=utf-8"))
            .AllowAnonymous()
            .ExcludeFromDescription()
            .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = Last);

    private static string Page(ServiceIdentity self, LandingOptions options)
    {
        var links = string.Concat(options.Links.Select(link => $"<li><a href=\"{HtmlEncoder.Default.Encode(link.Value)}\">{HtmlEncoder.Default.Encode(link.Key)}</a></li>"));
        var name = HtmlEncoder.Default.Encode(self.Name);
        return $$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>BoneMetPlatform: {{name}}</title>
            <style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}@media(prefers-color-scheme:dark){a{color:#8fc1ff} }</style></head>
            <body><main><h1>BoneMetPlatform</h1><p>This is <b>{{name}}</b>, and it is running. {{HtmlEncoder.Default.Encode(options.About)}}</p>
            <ul>{{links}}<li><a href="/health/ready">Is it ready?</a></li><li><a href="/metrics">Metrics</a></li></ul>
            <p>For research use.</p></main></body></html>
            """;
    }
}
