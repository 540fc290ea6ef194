using BoneMet.Hosting;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.CrashVictim;

/// <summary>Written as every consumer is: what was handled is remembered in the document that it changed.</summary>
internal sealed class ParcelConsumer(IDocumentCollection<Arrival> arrivals) : IConsumer<ParcelSent>
{
    public async Task Consume(ConsumeContext<ParcelSent> context)
    {
        var id = context.Message.ParcelId;
        while (true)
        {
            var arrival = await arrivals.Find(id, context.CancellationToken) ?? new Arrival { Id = id };
            if (arrival.HasHandled(context.HandledId())) { break; }
            if (await arrivals.TrySave((arrival with { Effects = arrival.Effects + 1 }).WithHandled(context.HandledId()), context.CancellationToken) is not null) { break; }
        }
        await Console.Out.WriteLineAsync($"consumed {id}");
    }
}
