using System.Diagnostics;
using BoneMet.Storage;
using MassTransit;

namespace BoneMet.Hosting;

/// <summary>Around every consumer: counts, marks the trace, and is the place of the crash point before the acknowledgement.</summary>
internal sealed class ConsumeWatch : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var endpoint = new KeyValuePair<string, object?>("endpoint", context.ReceiveContext.InputAddress.AbsolutePath.Trim('/'));
        try
        {
            await next.Send(context);
        }
        catch (Exception fault)
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
            BoneMetTelemetry.Consumed.Add(1, endpoint, new("outcome", "failed"));
            throw;
        }
        BoneMetTelemetry.Consumed.Add(1, endpoint, new("outcome", "done"));
        CrashPoint.Hit(CrashPoint.BeforeAcknowledge);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("bonemet-watch");
}
