using BoneMet.Contracts.Encoders;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Drift;
using BoneMet.FeatureExtraction.Fuse;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FeatureExtraction.Labels;
using BoneMet.FeatureExtraction.LabelSlide;
using BoneMet.FeatureExtraction.LabelVolume;
using BoneMet.FeatureExtraction.ServeEncoders;
using BoneMet.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace BoneMet.FeatureExtraction;

/// <summary>Image encoders in ONNX Runtime: from volumes and tiles to labels and embeddings.</summary>
public static class FeatureExtractionModule
{
    public static void AddFeatureExtraction(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<InferenceOptions>(InferenceOptions.Section);
        builder.AddDocuments(LabelRecord.Indexes);
        builder.AddDocuments<CachedTiles>();
        builder.AddDocuments<DriftRecord>();
        builder.AddGrpcPeer<Cases.CasesClient>("nomogram-aggregation");
        builder.AddGrpcPeer<Slides.SlidesClient>("pathology-tiling");
        builder.Services.AddSingleton(services => Catalogue(services.GetRequiredService<IOptions<InferenceOptions>>().Value, services.GetRequiredService<IOptions<DataOptions>>().Value));
        builder.Services.AddSingleton<EncoderPool>();
        builder.Services.AddHostedService<EncoderKeeper>();
        builder.Services.AddHostedService<EncoderGauges>();
        builder.Services.AddSingleton<TileCache>();
        builder.Services.AddHostedService<TileCacheSweep>();
        builder.Services.AddTransient<DriftMonitor>();
        builder.Services.AddHostedService<DriftGauges>();
        builder.Services.AddSingleton<EncoderChoice>();
        builder.Services.AddSingleton<VolumeReader>();
        builder.Services.AddSingleton<VolumeLabeller>();
        builder.Services.AddSingleton<LabelStore>();
        builder.Services.AddSingleton<FuseLabels>();
        builder.Services.AddTransient<CaseFacts>();
        builder.Services.AddTransient<SlideTiles>();
        builder.Services.AddTransient<SlideLabeller>();
        builder.Services.AddHealthChecks().AddCheck<EncoderCheck>("encoders", tags: ["ready"]);
    }

    public static void AddFeatureExtractionConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<ImagingStoredConsumer>(consumer => consumer.ConcurrentMessageLimit = 2);
        bus.AddConsumer<SlideTiledConsumer>(consumer => consumer.ConcurrentMessageLimit = 2);
        bus.AddConsumer<CaseResumedConsumer>();
    }

    public static void MapFeatureExtraction(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGrpcService<EncodersGrpc>();
    }

    /// <summary>What ships, what <c>bonemet encoder add</c> put into the data folder, and what the options name.</summary>
    private static EncoderCatalogue Catalogue(InferenceOptions options, DataOptions data)
    {
        var own = Path.Combine(data.Folder, "encoders");
        IEnumerable<string> folders =
            [Path.Combine(AppContext.BaseDirectory, "Encoders"), own, .. options.Folders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return EncoderCatalogue.Load(folders, new CardTrust(CardSignature.Trusted(Path.Combine(own, "trusted"))));
    }
}
