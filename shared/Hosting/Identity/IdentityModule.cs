using System.Security.Cryptography;
using System.Text;
using BoneMet.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

internal static class IdentityModule
{
    private const int KeyBytes = 32;

    public static void AddIdentity(this WebApplicationBuilder builder, ServiceIdentity self)
    {
        builder.Services.AddSingleton(services =>
        {
            var key = services.GetRequiredService<IOptions<IdentityOptions>>().Value.InternalKey;
            if (key is null && !self.IsAllInOne)
            {
                throw new OptionsValidationException(IdentityOptions.Section, typeof(IdentityOptions), ["Identity:InternalKey must be set, to the same secret in all processes of an installation."]);
            }
            return new CallerSignature(key is null ? RandomNumberGenerator.GetBytes(KeyBytes) : Encoding.UTF8.GetBytes(key), services.GetRequiredService<TimeProvider>());
        });
        if (!self.IsEdge) { return; }
        builder.AddDocuments<Site>();
        builder.Services.AddSingleton<SiteRegistry>();
        builder.Services.AddSingleton<ClientTokens>();
        builder.Services.AddHostedService<GivenKeys>();
    }

    public static void UseIdentity(this WebApplication app)
    {
        // Resolved here, so that a missing secret stops the start rather than the first request.
        var signature = app.Services.GetRequiredService<CallerSignature>();
        var self = app.Services.GetRequiredService<ServiceIdentity>();
        var sites = app.Services.GetService<SiteRegistry>();
        var tokens = app.Services.GetService<ClientTokens>();
        app.Use(next => new CallerMiddleware(next, self, signature, sites, tokens).InvokeAsync);
    }
}
