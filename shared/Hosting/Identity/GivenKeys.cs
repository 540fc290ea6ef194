using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BoneMet.Hosting;

/// <summary>Makes the operator and the sites whose keys the installation was given (<see cref="IdentityOptions"/>), before the edge listens.</summary>
internal sealed class GivenKeys(SiteRegistry sites, IOptions<IdentityOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.OperatorKey is { Length: > 0 } key) { await sites.Ensure(key, isOperator: true, cancellationToken); }
        foreach (var site in options.Value.SiteKeys) { await sites.Ensure(site, isOperator: false, cancellationToken); }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
