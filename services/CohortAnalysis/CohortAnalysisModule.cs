using BoneMet.CohortAnalysis.Cohorts;
using BoneMet.CohortAnalysis.DescribeCohort;
using BoneMet.CohortAnalysis.RunStudy;
using BoneMet.CohortAnalysis.UploadCohort;
using BoneMet.Hosting;
using MassTransit;

namespace BoneMet.CohortAnalysis;

/// <summary>Cohorts in; studies by frozen protocol; results, pictures and models out.</summary>
public static class CohortAnalysisModule
{
    public static void AddCohortAnalysis(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<CohortOptions>(CohortOptions.Section);
        builder.AddDocuments(CohortDocument.Indexes);
        builder.AddDocuments(StudyDocument.Indexes);
        builder.Services.AddTransient<CohortGate>();
        builder.Services.AddSingleton<StudyQueue>();
        builder.Services.AddHostedService<StudyWorker>();
    }

    /// <summary>Cohort studies are asked for over HTTP and gRPC; nothing on the bus concerns them.</summary>
    public static void AddCohortAnalysisConsumers(this IBusRegistrationConfigurator bus) => ArgumentNullException.ThrowIfNull(bus);

    public static void MapCohortAnalysis(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapCohorts();
        app.MapStudies();
        app.MapGrpcService<CohortsGrpc>();
    }
}
