using MassTransit;

namespace BoneMet.FeatureExtraction;

public static class FeatureExtractionModule
{
    public static void AddFeatureExtraction(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddFeatureExtractionConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapFeatureExtraction(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
