using MassTransit;

namespace BoneMet.CohortAnalysis;

public static class CohortAnalysisModule
{
    public static void AddCohortAnalysis(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
    }

    public static void AddCohortAnalysisConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
    }

    public static void MapCohortAnalysis(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
