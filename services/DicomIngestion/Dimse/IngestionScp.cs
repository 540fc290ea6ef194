using System.Net;
using System.Security.Cryptography.X509Certificates;
using BoneMet.Dicom.Network;
using BoneMet.DicomIngestion.Instances;
using BoneMet.DicomIngestion.Spooling;
using BoneMet.Storage;
using Microsoft.Extensions.Options;

namespace BoneMet.DicomIngestion.Dimse;

/// <summary>Runs the SCP for as long as the service runs.</summary>
internal sealed partial class IngestionScp(IOptions<ScpOptions> options, IServiceProvider services, Spool spool, IBlobStore blobs, InstanceIndex index, InstancePreparer preparer, ILogger<IngestionScp> logger) : IHostedService, IAsyncDisposable
{
    private DicomServer? server;

    /// <summary>The port in use; 0 when nothing listens.</summary>
    public int Port => server?.Port ?? 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await index.Recover(cancellationToken);
        var settings = options.Value;
        if (settings.Port is not { } port) { return; }
        await Task.WhenAll(blobs.Prepare(cancellationToken), Task.Run(() => Rehearsal.Run(preparer), cancellationToken));
        var peers = new Dictionary<string, DicomPeer>(StringComparer.Ordinal);
        foreach (var text in settings.Peers)
        {
            if (!DicomPeer.TryParse(text, out var peer)) { throw new OptionsValidationException(ScpOptions.Section, typeof(ScpOptions), [$"Ingestion:Scp:Peers: '{text}' is not AET@host:port."]); }
            peers[peer.AETitle] = peer;
        }
        server = DicomServer.Create(
            new DicomServerOptions
            {
                Address = IPAddress.Parse(settings.Bind),
                Port = port,
                AETitle = settings.AeTitle,
                CheckCalledAE = settings.CheckCalledAe,
                AllowedAETitles = settings.AllowedAeTitles.ToHashSet(StringComparer.Ordinal),
                AllowedNetworks = [.. settings.AllowedNetworks.Select(network => IPNetwork.Parse(network))],
                MaxAssociations = settings.MaxAssociations,
                Limits = new DicomNetworkLimits { Idle = TimeSpan.FromSeconds(settings.IdleSeconds), NewTemporaryPath = spool.NewPath },
                Certificate = settings.Certificate is { } file ? X509CertificateLoader.LoadPkcs12FromFile(file, settings.CertificatePassword) : null,
                ClientAuthorities = settings.ClientAuthorities is { } authorities ? Authorities(authorities) : [],
            },
            () => ActivatorUtilities.CreateInstance<IngestionService>(services, peers));
        LogListening(settings.AeTitle, server.Port);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } running) { await running.DisposeAsync(); }
    }

    private static List<X509Certificate2> Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return [.. authorities];
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "DIMSE: {AeTitle} listens on port {Port}")]
    private partial void LogListening(string aeTitle, int port);
}
