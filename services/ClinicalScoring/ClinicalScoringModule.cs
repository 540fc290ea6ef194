using BoneMet.ClinicalScoring.CodeFactors;
using BoneMet.ClinicalScoring.ScoreFactors;
using BoneMet.Hosting;
using MassTransit;

namespace BoneMet.ClinicalScoring;

/// <summary>The clinical strand: factors in any unit or language → the dictionary's units and levels, and their points in a model.</summary>
public static class ClinicalScoringModule
{
    public static void AddClinicalScoring(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<LandingOptions>(landing => landing.About += " ClinicalScoring codes clinical factors.");
    }

    public static void AddClinicalScoringConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<FactorsSubmittedConsumer>();
    }

    public static void MapClinicalScoring(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<ScoringGrpc>();
    }
}
