using System.Net.Http.Headers;
using BoneMet.Contracts.Events;
using BoneMet.Contracts.V1;
using BoneMet.DicomIngestion;
using BoneMet.Hosting;
using Grpc.Core;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>DicomIngestion alone on the in-memory bus, beside a stand-in for the owner of cases and a listener for what it says.</summary>
public sealed class IngestionHost : IAsyncLifetime
{
    private readonly string[] _arguments;
    private WebApplication? _app;

    public IngestionHost()
        : this([])
    {
    }

    internal IngestionHost(params string[] arguments) => _arguments = arguments;

    public string Folder { get; } = Directory.CreateTempSubdirectory("ingestion-").FullName;

    public IServiceProvider Services => _app!.Services;

    public HttpClient Http { get; private set; } = new();

    internal ImagingHeard Heard => Services.GetRequiredService<ImagingHeard>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(["--Http:Port=0", "--Http:GrpcPort=0", $"--Data:Folder={Folder}", "--Ingestion:QuietSeconds=1", .. _arguments]);
        builder.AddHosting("all-in-one");
        builder.AddDicomIngestion();
        builder.Services.AddSingleton<ImagingHeard>();
        builder.AddBus(bus => bus.AddDicomIngestionConsumers(), bus => bus.AddConsumer<Listener>());
        _app = builder.Build();
        _app.MapHosting();
        _app.MapDicomIngestion();
        _app.MapGrpcService<FakeCases>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        var key = await Services.GetRequiredService<SiteRegistry>().Add("hospital-a", cancellation: TestContext.Current.CancellationToken);
        Http = new HttpClient { BaseAddress = Services.GetRequiredService<OwnAddresses>().Http };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key!.Key);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Directory.Delete(Folder, true);
        GC.SuppressFinalize(this);
    }

    public Task Say<T>(T message)
        where T : class => Services.GetRequiredService<IBus>().Publish(message, TestContext.Current.CancellationToken);

    /// <summary>Files that are being received at this moment: none when nothing half-written remains.</summary>
    public int SpooledFiles() => Directory.EnumerateFiles(Path.Combine(Folder, "spool"), "*", SearchOption.AllDirectories).Count(path => Path.GetFileName(path) != "lock");

    private sealed class Listener(ImagingHeard heard) : IConsumer<ImagesReceived>, IConsumer<ImagingStored>, IConsumer<StrandFailed>
    {
        public Task Consume(ConsumeContext<ImagesReceived> context) => heard.Add(context.Message.CaseId, context.Message);

        public Task Consume(ConsumeContext<ImagingStored> context) => heard.Add(context.Message.CaseId, context.Message);

        public Task Consume(ConsumeContext<StrandFailed> context) => heard.Add(context.Message.CaseId, context.Message);
    }

    private sealed class FakeCases : Cases.CasesBase
    {
        public override Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context) =>
            Task.FromResult(new AuthorizeReply { Found = !request.CaseId.StartsWith("foreign", StringComparison.Ordinal), CancerType = "prostate", Site = "hospital-a" });
    }
}
