using BoneMet.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BoneMet.Hosting;

internal static class HealthModule
{
    private const string Ready = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<StoreCheck<IDocumentStore>>("documents", tags: [Ready], timeout: Patience)
            .AddCheck<StoreCheck<IBlobStore>>("blobs", tags: [Ready], timeout: Patience)
            .AddCheck<DiskCheck>("disk", tags: [Ready], timeout: Patience);
        services.AddGrpcHealthChecks(options => options.Services.Map("", check => check.Tags.Contains(Ready)));
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Write }).AllowAnonymous();
        app.MapGrpcHealthChecksService().AllowAnonymous();
    }

    private static Task Write(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => new CheckReport(
            entry.Value.Status, entry.Value.Description, Math.Round(entry.Value.Duration.TotalMilliseconds, 1), entry.Value.Data.Count == 0 ? null : entry.Value.Data));
        var service = context.RequestServices.GetRequiredService<ServiceIdentity>().Name;
        return context.Response.WriteAsJsonAsync(new HealthAnswer(service, report.Status, checks), DocumentJson.Options, context.RequestAborted);
    }

    private sealed record HealthAnswer(string Service, HealthStatus Status, IReadOnlyDictionary<string, CheckReport> Checks);

    private sealed record CheckReport(HealthStatus Status, string? Description, double Milliseconds, IReadOnlyDictionary<string, object>? Data);
}
