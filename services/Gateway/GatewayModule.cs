using BoneMet.Gateway.Description;
using BoneMet.Gateway.Forwarding;
using BoneMet.Gateway.Limits;
using BoneMet.Gateway.Operations;
using BoneMet.Gateway.Pages;
using BoneMet.Hosting;
using MassTransit;
using Yarp.ReverseProxy.Transforms;

namespace BoneMet.Gateway;

/// <summary>The edge: identity, limits, routes, the API's description and the portal. Alone it forwards; in AllInOne every route is in its own process.</summary>
public static class GatewayModule
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidated<LimitOptions>(LimitOptions.Section);
        builder.Services.AddRateLimiter(CallerLimit.Configure);
        builder.Services.Configure<LandingOptions>(landing =>
        {
            landing.About = "It is the edge of the platform: sites, clinicians and operators come in here.";
            landing.Links["The API, with examples"] = "/docs";
        });
        builder.AddDescription();
        builder.AddOperations();
        if (!Forwards(builder.Configuration)) { return; }

        builder.Services.AddReverseProxy()
            .LoadFromMemory(ForwardingRoutes.Routes(), ForwardingRoutes.Clusters(service => builder.Configuration[$"Services:{service}:Http"]
                ?? throw new InvalidOperationException($"Services:{service}:Http must be set: the gateway forwards to it.")))
            .AddTransforms(context => context.AddRequestTransform(SignedCaller.Add));
    }

    public static void AddGatewayConsumers(this IBusRegistrationConfigurator bus) => ArgumentNullException.ThrowIfNull(bus);

    public static void MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseRateLimiter();
        app.MapDescription();
        app.MapOperations();
        app.MapPages();
        if (Forwards(app.Configuration)) { app.MapReverseProxy(); }
    }

    private static bool Forwards(IConfiguration configuration) => configuration["Services:nomogram-aggregation:Http"] is { Length: > 0 };
}
