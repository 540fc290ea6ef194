using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using BoneMet.Cli.Backup;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;
using BoneMet.Dicom.Network;
using BoneMet.DicomIngestion.Cases;
using BoneMet.DicomIngestion.Dimse;
using BoneMet.DicomIngestion.Identity;
using BoneMet.Storage;
using BoneMet.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>The SCP against dcmtk's tools and against our own SCU.</summary>
public sealed class DimseTests : IAsyncLifetime
{
    private readonly int _back = FreePort();
    private readonly string _scratch = Directory.CreateTempSubdirectory("dimse-").FullName;
    private readonly IngestionHost _host;

    public DimseTests() => _host = new IngestionHost("--Ingestion:Scp:Port=0", "--Ingestion:Scp:Site=hospital-a", "--Ingestion:Scp:IdleSeconds=120", "--Storage:JournalMiB=64", "--Ingestion:Scp:MaxAssociations=70", $"--Ingestion:Scp:Peers:0=BACK@127.0.0.1:{_back}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Port => _host.Services.GetRequiredService<IngestionScp>().Port;

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private DicomPeer Peer => new("BONEMET", "127.0.0.1", Port);

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_scratch, true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Echo_FromDcmtk_Succeeds_AndAnotherTitleIsRefused()
    {
        Assert.Equal(0, (await Tool.Run("echoscu", "-aec", "BONEMET", "127.0.0.1", PortText)).Code);
        var refused = await Tool.Run("echoscu", "-aec", "OTHER", "127.0.0.1", PortText);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("Called AE Title Not Recognized", refused.Output);
    }

    [Fact]
    public async Task Store_FromDcmtk_ThenFindGetMove_GiveItBack()
    {
        var sent = Path.Combine(_scratch, "sent");
        Write(sent, 5);
        foreach (var tool in (string[])["storescu", "dcmsend"])
        {
            var stored = await Tool.Run(tool, ["-aec", "BONEMET", "+sd", "127.0.0.1", PortText, sent]);
            Assert.True(stored.Code == 0, stored.Output);
        }
        var waiting = await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation);
        var study = Assert.Single(waiting!)!;
        Assert.Equal(5, (int)study["instances"]!);
        var uid = (string)study["studyUid"]!;

        var found = await Tool.Run("findscu", "-S", "-aec", "BONEMET", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=P-1", "-k", "StudyInstanceUID", "-k", "NumberOfStudyRelatedInstances", "127.0.0.1", PortText);
        Assert.Contains(uid, found.Output);

        var got = Path.Combine(_scratch, "got");
        Directory.CreateDirectory(got);
        var get = await Tool.Run("getscu", "-S", "-aec", "BONEMET", "-od", got, "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={uid}", "127.0.0.1", PortText);
        Assert.True(Directory.GetFiles(got).Length == 5, get.Output);
        var moved = Path.Combine(_scratch, "moved");
        Directory.CreateDirectory(moved);
        using var back = Tool.Start("storescp", "-aet", "BACK", "-od", moved, _back.ToString(CultureInfo.InvariantCulture));
        try
        {
            await Tool.Listening(_back);
            var move = await Tool.Run("movescu", "-S", "-aec", "BONEMET", "-aem", "BACK", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={uid}", "127.0.0.1", PortText);
            Assert.True(Directory.GetFiles(moved).Length == 5, move.Output);
        }
        finally
        {
            back.Kill();
        }
        // What comes back has no identity, and the pixels that went in.
        var original = DicomFile.Open(TestSeries.Slice(3));
        var pseudonyms = new Pseudonymizer(_host.Services.GetRequiredService<DeidentificationKey>().Value);
        var returned = Directory.GetFiles(got).Select(path => DicomFile.Open(path)).Single(file => file.Dataset.GetString(DicomTag.SOPInstanceUID) == pseudonyms.Uid(original.Dataset.GetString(DicomTag.SOPInstanceUID)));
        Assert.StartsWith("BM", returned.Dataset.GetString(DicomTag.PatientName));
        Assert.Equal(original.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray(), returned.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray());
    }

    [Fact]
    public async Task ListOfStudies_FollowsWhatComesAndWhatMoves()
    {
        await Send(Enumerable.Range(0, 3));
        Assert.Equal(["3"], await Listed());
        await Send([3]);
        Assert.Equal(["4"], await Listed());
        var waiting = await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation);
        await _host.Http.PostAsJsonAsync($"/api/v1/unassigned-studies/{(string)waiting!.Single()!["studyUid"]!}/assignment", new { caseId = "case-list" }, Cancellation);
        Assert.Equal(["4"], await Listed());

        async Task<List<string>> Listed()
        {
            var answer = await _host.Http.GetFromJsonAsync<JsonArray>("/dicomweb/studies", Cancellation);
            return [.. answer!.Select(study => study!["00201208"]!["Value"]![0]!.ToString())];
        }
    }

    [Fact]
    public async Task Crash_RightAfterTheAnswers_LosesNoInstance()
    {
        await Send(Enumerable.Range(0, 6));
        var after = new IngestionHost();
        try
        {
            // The worst that a crash can leave: neither a row nor a file, only the journal (and the key, without which nothing starts).
            foreach (var kept in (string[])["deidentification.key", Path.Combine("blobs", "journal")])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(after.Folder, kept))!);
                Assert.Equal(0, (await Tool.Run("cp", "-r", Path.Combine(_host.Folder, kept), Path.Combine(after.Folder, kept))).Code);
            }
            Assert.False(File.Exists(Path.Combine(after.Folder, "documents.db")));
            await after.InitializeAsync();
            var waiting = await after.Services.GetRequiredService<IDocumentCollection<HeldInstance>>().Query(limit: 100, cancellation: Cancellation);
            Assert.Equal(6, waiting.Items.Count);
            foreach (var held in waiting.Items) { Assert.True(await after.Services.GetRequiredService<IBlobStore>().Verify(held.Blob, Cancellation)); }
        }
        finally
        {
            await after.DisposeAsync();
        }
    }

    [Fact]
    public async Task Backup_WhileInstancesAreOnlyInTheJournal_HasAllThatTheDocumentsName()
    {
        await Send(Enumerable.Range(0, 6));
        var held = await _host.Services.GetRequiredService<IDocumentCollection<HeldInstance>>().Query(limit: 100, cancellation: Cancellation);
        var archive = Path.Combine(_scratch, "site.tar");
        await DataArchive.Write(_host.Folder, archive, DateTimeOffset.UtcNow, Cancellation);
        var restored = Directory.CreateDirectory(Path.Combine(_scratch, "restored")).FullName;
        await DataArchive.Read(archive, restored, Cancellation);
        Assert.Equal(6, held.Items.Count);
        var blobs = new FolderBlobStore(Path.Combine(restored, "blobs"));
        foreach (var instance in held.Items) { Assert.True(await blobs.Verify(instance.Blob, Cancellation)); }
        Assert.False(Directory.Exists(Path.Combine(restored, "blobs", "journal")));
    }

    [Fact]
    public async Task Store_UnassignedStudy_IsAssigned_BuiltAndFollowedByLateSlices()
    {
        await Send(Enumerable.Range(0, 3));
        var waiting = await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation);
        var uid = (string)waiting!.Single()!["studyUid"]!;
        var assigned = await _host.Http.PostAsJsonAsync($"/api/v1/unassigned-studies/{uid}/assignment", new { caseId = "case-7" }, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, assigned.StatusCode);
        Assert.Equal(3, (await _host.Heard.Next<ImagesReceived>("case-7")).TotalInstances);
        Assert.Equal(3, (await _host.Heard.Next<ImagingStored>("case-7")).Instances);
        Assert.Empty((await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation))!);

        await Send([3]);
        Assert.Equal(4, (await _host.Heard.Next<ImagesReceived>("case-7")).TotalInstances);
        Assert.Equal(4, (await _host.Heard.Next<ImagingStored>("case-7")).Instances);
    }

    [Fact]
    public async Task Commitment_NamesWhatIsHeldAndWhatIsNot()
    {
        await Send([0]);
        var held = DicomFile.Open(TestSeries.Slice(0)).Dataset.GetString(DicomTag.SOPInstanceUID);
        await using var client = await DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor(DicomUID.StorageCommitmentPushModel.UID), cancellation: Cancellation);
        var status = await client.RequestCommitment("1.2.3.4", [("1.2.840.10008.5.1.4.1.1.2", held), ("1.2.840.10008.5.1.4.1.1.2", "1.2.3.999")], Cancellation);
        Assert.True(status.IsSuccess);
        Assert.Equal((1, 1), await client.ReadCommitment(Cancellation));
        await client.Release(Cancellation);
    }

    [Fact]
    public async Task Store_BadObject_IsAnsweredAndTheAssociationLives()
    {
        var good = DicomFile.Open(TestSeries.Slice(0));
        var bad = new DicomFile(good.Dataset.Clone());
        bad.Dataset.Remove(DicomTag.StudyInstanceUID);
        var items = new[] { Item(bad), Item(good) };
        await using var client = await DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor(items), cancellation: Cancellation);
        Assert.Equal(0xC000, (await client.Store(items[0], cancellation: Cancellation)).Code);
        Assert.True((await client.Store(items[1], cancellation: Cancellation)).IsSuccess);
        // The command names another instance than the data set is.
        Assert.Equal(0xA900, (await client.Store(items[1] with { SopInstanceUid = "1.2.3.4.5" }, cancellation: Cancellation)).Code);
        var changed = DicomFile.Open(TestSeries.Slice(0, offset: 9));
        Assert.Equal(0x0111, (await client.Store(Item(changed), cancellation: Cancellation)).Code);
        await client.Release(Cancellation);
    }

    [Fact]
    public async Task Store_WithTheDiskAtItsWatermark_IsOutOfResources_AndTheAssociationLives()
    {
        await using var full = new IngestionHost("--Ingestion:Scp:Port=0", "--Ingestion:WatermarkMiB=1048576");
        await full.InitializeAsync();
        var item = Item(DicomFile.Open(TestSeries.Slice(0)));
        var peer = new DicomPeer("BONEMET", "127.0.0.1", full.Services.GetRequiredService<IngestionScp>().Port);
        await using var client = await DicomClient.Connect(peer, "TEST", DicomClient.ContextsFor([item]), cancellation: Cancellation);
        for (var n = 0; n < 2; n++) { Assert.Equal(0xA700, (await client.Store(item, cancellation: Cancellation)).Code); }
        await client.Release(Cancellation);
    }

    [Fact]
    public async Task Associations_SixtyFourAtOnce_AreHeld_AndTooManyAreRefused()
    {
        var patient = new DicomNetworkLimits { Associate = TimeSpan.FromSeconds(120) };
        var clients = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor(DicomUID.Verification.UID), patient, cancellation: Cancellation)));
        foreach (var client in clients) { Assert.True((await client.Echo(Cancellation)).IsSuccess); }
        var more = new List<DicomClient>();
        var refusal = await Assert.ThrowsAsync<DicomNetworkException>(async () =>
        {
            for (var n = 0; n < 20; n++) { more.Add(await DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor(DicomUID.Verification.UID), patient, cancellation: Cancellation)); }
        });
        Assert.Contains("limit", refusal.Message);
        foreach (var client in clients.Concat(more)) { await client.DisposeAsync(); }
    }

    [Fact]
    public async Task Store_BySixtyFourAssociationsAtOnce_KeepsEveryInstance()
    {
        var items = Enumerable.Range(0, 64).Select(n => Item(DicomFile.Open(TestSeries.Slice(n)))).ToList();
        var clients = await Task.WhenAll(items.Select(item => DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor([item]), cancellation: Cancellation)));
        var answers = await Task.WhenAll(clients.Select((client, n) => client.Store(items[n], cancellation: Cancellation)));
        Assert.All(answers, answer => Assert.True(answer.IsSuccess, answer.ToString()));
        foreach (var client in clients) { await client.Release(Cancellation); }
        var waiting = await _host.Http.GetFromJsonAsync<JsonArray>("/api/v1/unassigned-studies", Cancellation);
        Assert.Equal(64, (int)waiting!.Single()!["instances"]!);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0001\u0000\u007f\u007f\u007f\u007f")]
    [InlineData("")]
    public async Task Connection_ThatIsNoDicom_OrSilent_IsClosed(string bytes)
    {
        await using var impatient = new IngestionHost("--Ingestion:Scp:Port=0", "--Ingestion:Scp:IdleSeconds=2");
        await impatient.InitializeAsync();
        var port = impatient.Services.GetRequiredService<IngestionScp>().Port;
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(bytes), Cancellation);
        if (bytes.Length == 0)
        {
            // A silent one: its association is idle instead, so that the test does not wait for the longer association timer.
            await stream.WriteAsync(AssociationCodec.Request(new DicomAssociation { CalledAE = "BONEMET", CallingAE = "SLOW", Contexts = DicomClient.ContextsFor(DicomUID.Verification.UID) }, 16384), Cancellation);
        }
        using var all = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            await stream.CopyToAsync(all, patience.Token);
        }
        catch (IOException)
        {
            Assert.False(patience.IsCancellationRequested);
        }
        Assert.True((await Tool.Run("echoscu", "-aec", "BONEMET", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture))).Code == 0);
    }

    [Fact]
    public async Task DicomWeb_FindsAndGivesWhatWasStored()
    {
        await Send(Enumerable.Range(0, 3));
        var studies = await _host.Http.GetFromJsonAsync<JsonArray>("/dicomweb/studies?PatientID=P-1&ModalitiesInStudy=CT", Cancellation);
        var study = (string)studies!.Single()!["0020000D"]!["Value"]![0]!;
        Assert.Equal(3, (int)studies![0]!["00201208"]!["Value"]![0]!);
        var series = (string)(await _host.Http.GetFromJsonAsync<JsonArray>($"/dicomweb/studies/{study}/series", Cancellation))!.Single()!["0020000E"]!["Value"]![0]!;
        var page = await _host.Http.GetFromJsonAsync<JsonArray>($"/dicomweb/studies/{study}/series/{series}/instances?limit=2&offset=1", Cancellation);
        Assert.Equal(2, page!.Count);
        var sop = (string)page[0]!["00080018"]!["Value"]![0]!;
        var address = $"/dicomweb/studies/{study}/series/{series}/instances/{sop}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/dicom");
        var file = DicomFile.Open(await (await _host.Http.SendAsync(request, Cancellation)).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(sop, file.Dataset.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal(3, (await _host.Http.GetFromJsonAsync<JsonArray>($"/dicomweb/studies/{study}/metadata", Cancellation))!.Count);
        var frame = await _host.Http.GetByteArrayAsync($"{address}/frames/1", Cancellation);
        Assert.True(frame.AsSpan().IndexOf(file.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Span) > 0);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await _host.Http.GetByteArrayAsync($"{address}/rendered", Cancellation))[..3]);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Http.GetAsync($"{address}/frames/2", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _host.Http.GetAsync("/dicomweb/studies?PatientID=NOBODY", Cancellation)).StatusCode);
    }

    private static DicomRetrieveItem Item(DicomFile file) =>
        new(file.Dataset.GetString(DicomTag.SOPClassUID), file.Dataset.GetString(DicomTag.SOPInstanceUID), file.TransferSyntax.UID.UID, _ => Task.FromResult(file));

    private async Task Send(IEnumerable<int> slices)
    {
        var items = slices.Select(n => Item(DicomFile.Open(TestSeries.Slice(n)))).ToList();
        await using var client = await DicomClient.Connect(Peer, "TEST", DicomClient.ContextsFor(items), cancellation: Cancellation);
        foreach (var item in items)
        {
            var status = await client.Store(item, cancellation: Cancellation);
            Assert.True(status.IsSuccess, status.ToString());
        }
        await client.Release(Cancellation);
    }

    private static void Write(string folder, int slices)
    {
        Directory.CreateDirectory(folder);
        for (var n = 0; n < slices; n++) { File.WriteAllBytes(Path.Combine(folder, $"{n}.dcm"), TestSeries.Slice(n)); }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
