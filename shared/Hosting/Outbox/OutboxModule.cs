using BoneMet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace BoneMet.Hosting;

public static class OutboxModule
{
    /// <summary>Registers the collection (as <see cref="StorageModule.AddDocuments{T}"/> does) and lets the relay publish its outboxes.</summary>
    public static void AddOutbox<T>(this IHostApplicationBuilder builder, IReadOnlyDictionary<string, Func<T, string?>>? indexes = null)
        where T : StoredDocument
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (indexes is not null || !builder.Services.Any(service => service.ServiceType == typeof(IDocumentCollection<T>))) { builder.AddDocuments(indexes); }
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IOutboxSource, OutboxSource<T>>());
    }

    internal static void AddOutboxRelay(this IServiceCollection services)
    {
        services.TryAddSingleton<OutboxRelay>();
        services.TryAddSingleton<IOutboxRelay>(provider => provider.GetRequiredService<OutboxRelay>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
    }
}
