using BoneMet.Hosting;
using BoneMet.Storage;

namespace BoneMet.CrashVictim;

/// <summary>Stores a blob, then a parcel with its message, as long as the process lives; says what it acknowledged only after it was stored.</summary>
internal sealed class Sender(IDocumentCollection<Parcel> parcels, IBlobStore blobs, IOutboxRelay relay, IHostApplicationLifetime lifetime, IConfiguration configuration, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) { await started.Task.WaitAsync(stoppingToken); }
        await Console.Out.WriteLineAsync("ready");
        var count = configuration.GetValue("Victim:Parcels", 0);
        for (var i = 0; i < count && !stoppingToken.IsCancellationRequested; i++)
        {
            var id = Guid.CreateVersion7().ToString("N");
            var blob = await blobs.Put(new MemoryStream(Convert.FromHexString(id)), cancellation: stoppingToken);
            await Console.Out.WriteLineAsync($"stored {blob.Sha256}");
            var parcel = new Parcel { Id = id, Blob = blob.Sha256, Outbox = [Outgoing.Message(new ParcelSent { ParcelId = id }, clock)] };
            if (await parcels.TrySave(parcel, stoppingToken) is null) { throw new InvalidOperationException($"{id} exists."); }
            await Console.Out.WriteLineAsync($"saved {id}");
            relay.Wake();
        }
        await Console.Out.WriteLineAsync("sent");
    }
}
