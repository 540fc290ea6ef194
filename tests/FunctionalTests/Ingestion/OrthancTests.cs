using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.DicomIngestion.Dimse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>Orthanc as a hospital's PACS: it sends a study, asks for commitment, searches, and lets itself be sent what we hold.</summary>
public sealed class OrthancTests : IAsyncLifetime
{
    private readonly OrthancServer _orthanc = new();
    private readonly IngestionHost _host;

    public OrthancTests() => _host = new IngestionHost("--Ingestion:Scp:Port=0", "--Ingestion:Scp:Site=hospital-a", "--Ingestion:QuietSeconds=86400", $"--Ingestion:Scp:Peers:0=ORTHANC@127.0.0.1:{_orthanc.DicomPort}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _orthanc.DisposeAsync();
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The quiet time is a day here: only the commitment request can have completed the series.</summary>
    [Fact]
    public async Task Orthanc_SendsCommitsSearchesAndRetrieves()
    {
        await _orthanc.Start(_host.Services.GetRequiredService<IngestionScp>().Port);
        var instances = new List<string>();
        for (var n = 0; n < 4; n++)
        {
            var stored = await _orthanc.Http.PostAsync("/instances", new ByteArrayContent(TestSeries.Slice(n)), Cancellation);
            instances.Add((string)(await stored.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["ID"]!);
        }

        var sent = await Post("/modalities/bonemet/store", new JsonArray([.. instances.Select(id => JsonValue.Create(id))]).ToJsonString());
        Assert.Equal(4, (int)sent["InstancesCount"]!);
        Assert.Equal(0, (int)sent["FailedInstancesCount"]!);
        var study = (string)(await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation))!.Single()!["studyUid"]!;
        (await _host.Http.PostAsJsonAsync($"/api/v1/unassigned-studies/{study}/assignment", new { caseId = "from-orthanc" }, Cancellation)).EnsureSuccessStatusCode();
        Assert.Equal(4, (await _host.Heard.Next<ImagesReceived>("from-orthanc")).TotalInstances);

        var request = await Post("/modalities/bonemet/storage-commitment", new JsonObject { ["Resources"] = new JsonArray([.. instances.Select(id => JsonValue.Create(id))]), ["Timeout"] = 90 }.ToJsonString());
        Assert.Equal("Success", await Report((string)request["ID"]!));
        Assert.Equal(4, (await _host.Heard.Next<ImagingStored>("from-orthanc")).Instances);

        var query = await Post("/modalities/bonemet/query", """{"Level":"Study","Query":{"PatientID":"P-1"}}""");
        var answers = await _orthanc.Http.GetFromJsonAsync<JsonArray>($"/queries/{(string)query["ID"]!}/answers", Cancellation);
        Assert.Single(answers!);
        await Post($"/queries/{(string)query["ID"]!}/answers/0/retrieve", """{"TargetAet":"ORTHANC","Synchronous":true,"Timeout":90}""");
        // What was sent, and the same four without identity.
        Assert.Equal(8, (await _orthanc.Http.GetFromJsonAsync<JsonArray>("/instances", Cancellation))!.Count);
    }

    private async Task<JsonObject> Post(string path, string json)
    {
        var response = await _orthanc.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The outcome that Orthanc was told, once it was.</summary>
    private async Task<string> Report(string transaction)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            var report = await _orthanc.Http.GetFromJsonAsync<JsonObject>($"/storage-commitment/{transaction}", patience.Token);
            if ((string)report!["Status"]! is { } status && status != "Pending") { return status; }
            await Task.Delay(100, patience.Token);
        }
    }
}
