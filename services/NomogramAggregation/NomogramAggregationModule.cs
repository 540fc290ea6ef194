using MassTransit;

namespace BoneMet.NomogramAggregation;

public static class NomogramAggregationModule
{
    public static void AddNomogramAggregation(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddNomogramAggregationConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapNomogramAggregation(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
