using MassTransit;

namespace BoneMet.ClinicalScoring;

public static class ClinicalScoringModule
{
    public static void AddClinicalScoring(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddClinicalScoringConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapClinicalScoring(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
