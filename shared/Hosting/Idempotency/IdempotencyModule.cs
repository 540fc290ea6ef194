using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BoneMet.Hosting;

internal static class IdempotencyModule
{
    public static void AddIdempotency(this WebApplicationBuilder builder)
    {
        builder.AddDocuments<IdempotencyRecord>();
        builder.Services.AddHostedService<IdempotencySweep>();
    }

    public static void UseIdempotency(this WebApplication app) => app.UseMiddleware<IdempotencyMiddleware>();
}
