using System.Diagnostics.Metrics;
using BoneMet.Hosting;

namespace BoneMet.FeatureExtraction.Inference;

/// <summary>Which encoders are loaded, and what they hold.</summary>
internal sealed class EncoderGauges(EncoderPool pool, IMeterFactory meters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(BoneMetTelemetry.Name);
        meter.CreateObservableGauge("bonemet.inference.encoder.loaded", () => Each(status => status.Loaded ? 1 : 0), "{encoder}", "1 while the encoder is in memory, else 0");
        meter.CreateObservableGauge("bonemet.inference.encoder.memory", () => Each(status => status.Bytes), "By", "Memory that the encoder's session holds: twice its file, and its buffers");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> Each(Func<EncoderStatus, long> value) =>
        pool.Status().Select(status => new Measurement<long>(value(status), new("encoder.id", status.Card.Id), new("encoder.version", status.Card.Version)));
}
