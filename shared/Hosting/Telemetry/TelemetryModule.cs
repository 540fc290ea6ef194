using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BoneMet.Hosting;

internal static class TelemetryModule
{
    private const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MassTransit = "MassTransit";

    public static void AddTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = JsonLineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        // The handler logs it once, with its endpoint; the middleware would log it a second time.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);

        builder.Services.AddHostedService<DiskGauges>();
        var export = builder.Configuration[Otlp] is { Length: > 0 };
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(serviceName, "bonemet", typeof(TelemetryModule).Assembly.GetName().Version?.ToString(3)));
        telemetry.WithTracing(tracing =>
        {
            tracing.AddSource(BoneMetTelemetry.Name, MassTransit)
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !IsQuiet(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddGrpcClientInstrumentation();
            if (export) { tracing.AddOtlpExporter(); }
        });
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(BoneMetTelemetry.Name, MassTransit)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter();
            if (export) { metrics.AddOtlpExporter(); }
        });
    }

    public static void MapTelemetry(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();

    private static bool IsQuiet(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/grpc.health.v1.Health");
}
