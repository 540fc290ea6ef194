using MassTransit;

namespace BoneMet.PathologyTiling;

public static class PathologyTilingModule
{
    public static void AddPathologyTiling(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddPathologyTilingConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapPathologyTiling(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
