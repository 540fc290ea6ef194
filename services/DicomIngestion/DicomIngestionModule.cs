using MassTransit;

namespace BoneMet.DicomIngestion;

public static class DicomIngestionModule
{
    public static void AddDicomIngestion(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddDicomIngestionConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapDicomIngestion(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
