using BoneMet.Contracts.V1;
using BoneMet.Hosting;
using BoneMet.PathologyTiling.ReadTiles;
using BoneMet.PathologyTiling.ReceiveSlide;
using BoneMet.PathologyTiling.ResumeCase;
using BoneMet.PathologyTiling.Slides;
using BoneMet.PathologyTiling.TileSlide;
using BoneMet.PathologyTiling.ViewSlide;
using MassTransit;

namespace BoneMet.PathologyTiling;

/// <summary>Slides in, tissue found, tiles out.</summary>
public static class PathologyTilingModule
{
    public static void AddPathologyTiling(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<TilingOptions>(TilingOptions.Section);
        builder.AddOutbox(SlideDocument.Indexes);
        builder.AddGrpcPeer<Cases.CasesClient>("nomogram-aggregation");
        builder.Services.AddSingleton<SlideShelf>();
        builder.Services.AddSingleton<SlideCatalogue>();
        builder.Services.AddTransient<CaseGate>();
    }

    public static void AddPathologyTilingConsumers(this IBusRegistrationConfigurator bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        // a slide takes seconds and all cores that it is given
        bus.AddConsumer<TileSlideConsumer>(consumer => consumer.ConcurrentMessageLimit = 2);
        bus.AddConsumer<CaseResumedConsumer>();
    }

    public static void MapPathologyTiling(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapSlides();
        app.MapDeepZoom();
        app.MapGrpcService<SlidesGrpc>();
    }
}
