using BoneMet.Contracts.V1;
using BoneMet.DicomIngestion.Assignment;
using BoneMet.DicomIngestion.Builds;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Dimse;
using BoneMet.DicomIngestion.Identity;
using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.ListImages;
using BoneMet.DicomIngestion.Queries;
using BoneMet.DicomIngestion.ReceiveImages;
using BoneMet.DicomIngestion.ReceiveStudies;
using BoneMet.DicomIngestion.Resume;
using BoneMet.DicomIngestion.Retrieve;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.DicomIngestion.Uploads;
using BoneMet.Hosting;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.DicomIngestion;

public static class DicomIngestionModule
{
    private const string CaseOwner = "nomogram-aggregation";

    public static void AddDicomIngestion(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<IngestionOptions>(IngestionOptions.Section);
        builder.Services.AddSingleton<InstanceIndex>();
        builder.Services.AddSingleton<IDocumentCollection<HeldInstance>>(services => services.GetRequiredService<InstanceIndex>());
        builder.AddOutbox(CaseImaging.Indexes);
        builder.AddGrpcPeer<BoneMet.Contracts.V1.Cases.CasesClient>(CaseOwner);
        builder.AddDocuments<VaultEntry>();
        builder.AddDocuments<StudyLink>();
        builder.AddValidated<ScpOptions>(ScpOptions.Section);
        builder.Services.AddSingleton<StudyLinks>();
        builder.Services.AddSingleton<AssignStudy>();
        builder.Services.AddSingleton<InstanceSearch>();
        builder.Services.AddSingleton<HeldObjects>();
        builder.Services.AddSingleton<IngestionScp>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IngestionScp>());
        builder.Services.AddSingleton<DeidentificationKey>();
        builder.Services.AddSingleton<Vault>();
        builder.Services.AddSingleton<Spool>();
        builder.Services.AddSingleton<UploadReader>();
        builder.Services.AddSingleton<JsonStudies>();
        builder.Services.AddSingleton<InstancePreparer>();
        builder.Services.AddSingleton<StoreInstances>();
        builder.Services.AddSingleton<ReceiveImages.ReceiveImages>();
        builder.Services.AddSingleton<ReceiveStudies.ReceiveStudies>();
        builder.Services.AddTransient<CaseAccess>();
        builder.Services.AddSingleton<BuildSignal>();
        builder.Services.AddSingleton<BuildCase>();
        builder.Services.AddHostedService<BuildLoop>();
    }

    public static void AddDicomIngestionConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<CaseResumedConsumer>();
    }

    public static void MapDicomIngestion(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapReceiveImages();
        app.MapListImages();
        app.MapReceiveStudies();
        app.MapAssignment();
        app.MapQido();
        app.MapWado();
    }
}
