using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using BoneMet.FeatureExtraction;
using BoneMet.Hosting;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;
using Grpc.Core;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

/// <summary>FeatureExtraction alone on the in-memory bus, beside stand-ins for the two services that it asks, and a listener for what it says.</summary>
public sealed class FeatureHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("features-").FullName;
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    internal Heard Heard => Services.GetRequiredService<Heard>();

    internal FakeSlides Slides => Services.GetRequiredService<FakeSlides>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(["--Http:Port=0", "--Http:GrpcPort=0", $"--Data:Folder={_data}", "--Features:Inference:Threads=1"]);
        builder.AddHosting("all-in-one");
        builder.AddFeatureExtraction();
        builder.AddGrpcPeer<Contracts.V1.Encoders.EncodersClient>("feature-extraction");
        builder.Services.AddSingleton<Heard>();
        builder.Services.AddSingleton<FakeSlides>();
        builder.AddBus(bus => bus.AddFeatureExtractionConsumers(), bus => bus.AddConsumer<Listener>());
        _app = builder.Build();
        _app.MapHosting();
        _app.MapFeatureExtraction();
        _app.MapGrpcService<FakeCases>();
        _app.MapGrpcService<FakeSlides>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Directory.Delete(_data, true);
        GC.SuppressFinalize(this);
    }

    internal Contracts.V1.Encoders.EncodersClient Client() => Services.GetRequiredService<Contracts.V1.Encoders.EncodersClient>();

    public Task Say<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message, TestContext.Current.CancellationToken);

    public async Task<string> Put(Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        content.Position = 0;
        return (await Services.GetRequiredService<IBlobStore>().Put(content, cancellation: TestContext.Current.CancellationToken)).Sha256;
    }

    /// <summary>A CT of 96 × 96 × 40 voxels with a bright ball, and its mask.</summary>
    internal static (Volume Volume, Mask Mask) Ball()
    {
        var grid = Grid.Aligned(96, 96, 40, new(2, 2, 4), new(-96, -96, -80));
        var (voxels, mask) = (new short[grid.Count], new byte[grid.Count]);
        for (var k = 0; k < grid.SizeK; k++)
        {
            for (var j = 0; j < grid.SizeJ; j++)
            {
                for (var i = 0; i < grid.SizeI; i++)
                {
                    var n = grid.Offset(i, j, k);
                    var inside = (grid.ToWorld(i, j, k) - new Point3(20, -10, 5)).Length() < 18;
                    (voxels[n], mask[n]) = inside ? ((short)90, (byte)1) : ((short)40, (byte)0);
                }
            }
        }
        return (new(grid, voxels), new(grid, mask));
    }

    internal static ImagingStored Stored(string caseId, string volume, string? mask, string modality = "CT", string inputHash = "hash-1") => new()
    {
        CaseId = caseId,
        InputHash = inputHash,
        Modality = modality,
        Volume = volume,
        Mask = mask,
        Instances = 40,
        TotalInstances = 40,
        At = DateTimeOffset.UnixEpoch,
    };

    private sealed class Listener(Heard heard) : IConsumer<ImagingLabelled>, IConsumer<PathologyLabelled>, IConsumer<StrandFailed>
    {
        public Task Consume(ConsumeContext<ImagingLabelled> context) => heard.Add(context.Message);

        public Task Consume(ConsumeContext<PathologyLabelled> context) => heard.Add(context.Message);

        public Task Consume(ConsumeContext<StrandFailed> context) => heard.Add(context.Message);
    }

    private sealed class FakeCases : Cases.CasesBase
    {
        public override Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context) =>
            Task.FromResult(new AuthorizeReply { Found = true, CancerType = request.CaseId.StartsWith("synthetic-", StringComparison.Ordinal) ? SyntheticPatient.CancerType : "prostate", Site = "A" });
    }
}
