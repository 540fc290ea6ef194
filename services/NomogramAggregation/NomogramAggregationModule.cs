using BoneMet.Contracts.Events;
using BoneMet.Hosting;
using BoneMet.NomogramAggregation.Authorize;
using BoneMet.NomogramAggregation.Cases;
using BoneMet.NomogramAggregation.CdsHooks;
using BoneMet.NomogramAggregation.ChangeFactors;
using BoneMet.NomogramAggregation.CreateCase;
using BoneMet.NomogramAggregation.DicomReports;
using BoneMet.NomogramAggregation.FollowStrands;
using BoneMet.NomogramAggregation.ListFactors;
using BoneMet.NomogramAggregation.Models;
using BoneMet.NomogramAggregation.Predict;
using BoneMet.NomogramAggregation.Prediction;
using BoneMet.NomogramAggregation.ReadCase;
using BoneMet.NomogramAggregation.RecomputeCase;
using BoneMet.NomogramAggregation.ResumeCases;
using BoneMet.NomogramAggregation.Screening;
using MassTransit;

namespace BoneMet.NomogramAggregation;

/// <summary>Owns the case: gathers its strands, chooses the model, predicts, draws the nomogram, writes the report.</summary>
public static class NomogramAggregationModule
{
    public static void AddNomogramAggregation(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<CaseOptions>(CaseOptions.Section);
        builder.AddOutbox(new Dictionary<string, Func<CaseDocument, string?>>
        {
            ["site"] = document => document.Site,
            ["subject"] = document => $"{document.Site}/{document.Subject}",
            ["settled"] = document => document.IsSettled ? "true" : "false",
            ["cancer"] = document => document.CancerType,
            ["failed"] = document => Strand.All.Any(strand => document.Strand(strand).Status == StrandStatus.Failed) ? "true" : "false",
            [CaseProgress.Index] = CaseProgress.IndexValue,
        });
        builder.AddValidated<ModelOptions>(ModelOptions.Section);
        builder.AddDocuments<PublishedModel>();
        builder.AddDocuments<ModelStanding>();
        builder.AddDocuments<KeptLibrary>();
        builder.AddValidated<CdsOptions>(CdsOptions.Section);
        builder.AddValidated<WebhookOptions>(WebhookOptions.Section);
        builder.AddDocuments<RiskWatch>();
        builder.AddDocuments(new Dictionary<string, Func<WebhookDelivery, string?>>
        {
            ["state"] = delivery => delivery.State,
            ["watch"] = delivery => delivery.WatchId,
        });
        builder.Services.AddSingleton<CaseSignals>();
        builder.Services.AddSingleton<CaseStore>();
        builder.Services.AddSingleton<ModelShelf>();
        builder.Services.AddSingleton<CasePredictor>();
        builder.Services.AddSingleton<RiskWatches>();
        builder.Services.AddSingleton<Destinations>();
        builder.Services.AddSingleton<WebhookSecrets>();
        builder.Services.AddSingleton<QueueWebhook>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService<KeepLibrary>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookSender>());
        builder.Services.AddHostedService<CaseWatch>();
        builder.Services.AddHostedService<CaseCensus>();
    }

    public static void AddNomogramAggregationConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<FactorsScoredConsumer>();
        bus.AddConsumer<ImagesReceivedConsumer>();
        bus.AddConsumer<ImagingStoredConsumer>();
        bus.AddConsumer<ImagingLabelledConsumer>();
        bus.AddConsumer<SlideReceivedConsumer>();
        bus.AddConsumer<SlideTiledConsumer>();
        bus.AddConsumer<PathologyLabelledConsumer>();
        bus.AddConsumer<StrandFailedConsumer>();
        bus.AddConsumer<RiskThresholdCrossedConsumer>();
    }

    public static void MapNomogramAggregation(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<CasesGrpc>();
        app.MapGrpcService<PredictionsGrpc>();
        var api = app.MapGroup("/api/v1").RequireCaller();
        CreateCaseEndpoint.Map(api.MapGroup("").WithTags("Cases"));
        ChangeFactorsEndpoint.Map(api.MapGroup("").WithTags("Cases"));
        ReadCaseEndpoints.Map(api.MapGroup("").WithTags("Cases"));
        RecomputeCaseEndpoint.Map(api.MapGroup("").WithTags("Cases"));
        CaseDocumentsEndpoints.Map(api.MapGroup("").WithTags("Cases"));
        DicomReportEndpoints.Map(api.MapGroup("").WithTags("Cases"));
        FactorEndpoints.Map(api.MapGroup("").WithTags("Models"));
        PredictEndpoint.Map(api.MapGroup("").WithTags("Predictions"));
        ModelEndpoints.Map(api.MapGroup("").WithTags("Models"));
        WorklistEndpoint.Map(api.MapGroup("").WithTags("Screening"));
        WatchEndpoints.Map(api.MapGroup("").WithTags("Screening"));
        CdsHooksEndpoints.Map(app.MapGroup("/cds-services").RequireCaller().WithTags("CDS Hooks"));
    }
}
