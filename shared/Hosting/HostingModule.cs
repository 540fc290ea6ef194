using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

/// <summary>What every service has in common, in one place each: telemetry, health, bus, storage, identity.</summary>
public static class HostingModule
{
    private const int GrpcMessage = 16 << 20;
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(25);

    /// <summary>Telemetry, health, storage, identity, errors, ports. Call first.</summary>
    public static void AddHosting(this WebApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        var self = new ServiceIdentity(serviceName);
        builder.Services.AddSingleton(self);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown);
        builder.AddValidated<HttpOptions>(HttpOptions.Section);
        builder.AddValidated<DataOptions>(DataOptions.Section);
        builder.AddValidated<StorageOptions>(StorageOptions.Section);
        builder.AddValidated<BusOptions>(BusOptions.Section);
        builder.AddValidated<IdentityOptions>(IdentityOptions.Section);
        builder.AddValidated<TokenOptions>(TokenOptions.Section);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddCors();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = GrpcMessage;
            grpc.MaxSendMessageSize = GrpcMessage;
            grpc.EnableDetailedErrors = false;
            grpc.Interceptors.Add<ProblemInterceptor>();
        });
        builder.AddKestrel();
        builder.AddTelemetry(serviceName);
        builder.Services.AddErrors();
        builder.AddStorage();
        builder.Services.AddOutboxRelay();
        builder.Services.AddHealth();
        builder.AddIdentity(self);
        builder.AddIdempotency();
        if (string.Equals(builder.Configuration[ParentWatch.Setting], "true", StringComparison.OrdinalIgnoreCase)) { builder.Services.AddHostedService<ParentWatch>(); }
    }

    /// <summary>Errors, identity, health, metrics, landing page. Call before the modules map theirs.</summary>
    public static void MapHosting(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseErrors();
        app.UseRouting();
        // Before identity: a browser's preflight request carries no key.
        app.UseOrigins();
        app.UseIdentity();
        app.UseIdempotency();
        app.MapHealth();
        app.MapTelemetry();
        app.MapLanding();
    }

    /// <summary>Binds an options class to its section and checks its attributes at start: a bad value names the property and the host does not start.</summary>
    public static void AddValidated<TOptions>(this IHostApplicationBuilder builder, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
    }
}
