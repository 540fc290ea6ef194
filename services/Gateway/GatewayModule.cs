using MassTransit;

namespace BoneMet.Gateway;

public static class GatewayModule
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddGatewayConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
