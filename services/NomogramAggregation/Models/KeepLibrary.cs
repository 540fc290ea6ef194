namespace BoneMet.NomogramAggregation.Models;

/// <summary>Keeps the built-in models of this release before any prediction is made with them.</summary>
internal sealed class KeepLibrary(ModelShelf models) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => models.Keep(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
