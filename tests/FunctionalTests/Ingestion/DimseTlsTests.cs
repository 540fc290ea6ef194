using System.Globalization;
using BoneMet.Cli.Dicom;
using BoneMet.Cli.Platform;
using BoneMet.DicomIngestion.Dimse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>Who is let in: TLS with client certificates, AE titles and addresses, tried with dcmtk's tools and with our own commands.</summary>
public sealed class DimseTlsTests : IAsyncLifetime
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("dimse-tls-").FullName;
    private readonly TestCertificates _hospital;
    private readonly TestCertificates _stranger;
    private readonly IngestionHost _host;
    private readonly int _archive = FreePort.Find(1)[0];

    public DimseTlsTests()
    {
        _hospital = new TestCertificates(_scratch, "hospital");
        _stranger = new TestCertificates(_scratch, "stranger");
        _host = new IngestionHost(
            "--Ingestion:Scp:Port=0", "--Ingestion:Scp:Site=hospital-a", "--Ingestion:Scp:IdleSeconds=60", "--Ingestion:Scp:AllowedAeTitles:0=MODALITY", "--Ingestion:Scp:AllowedNetworks:0=127.0.0.0/8",
            $"--Ingestion:Scp:Certificate={_hospital.Issue("server").Pkcs12}", "--Ingestion:Scp:CertificatePassword=secret", $"--Ingestion:Scp:ClientAuthorities={_hospital.AuthorityFile}",
            $"--Ingestion:Scp:Peers:0=ARCHIVE@127.0.0.1:{_archive}+tls");
    }

    private string Port => _host.Services.GetRequiredService<IngestionScp>().Port.ToString(CultureInfo.InvariantCulture);

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _hospital.Dispose();
        _stranger.Dispose();
        Directory.Delete(_scratch, true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Dcmtk_WithACertificateOfTheHospital_EchoesAndStores()
    {
        var (certificate, key, _) = _hospital.Issue("modality");
        var echo = await Tool.Run("echoscu", "+tls", key, certificate, "+cf", _hospital.AuthorityFile, "-aet", "MODALITY", "-aec", "BONEMET", "127.0.0.1", Port);
        Assert.True(echo.Code == 0, echo.Output);
        var slice = Path.Combine(_scratch, "slice.dcm");
        await File.WriteAllBytesAsync(slice, TestSeries.Slice(0), TestContext.Current.CancellationToken);
        var store = await Tool.Run("storescu", "+tls", key, certificate, "+cf", _hospital.AuthorityFile, "-aet", "MODALITY", "-aec", "BONEMET", "127.0.0.1", Port, slice);
        Assert.True(store.Code == 0, store.Output);
        Assert.Contains("\"instances\":1", await _host.Http.GetStringAsync("/api/v1/unassigned-studies", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dcmtk_WithoutWhatIsAskedFor_IsNotLetIn()
    {
        var (certificate, key, _) = _hospital.Issue("modality");
        var (foreignCertificate, foreignKey, _) = _stranger.Issue("foreign");
        foreach (var (who, arguments) in new (string, string[])[]
        {
            ("plain TCP", ["-aet", "MODALITY"]),
            ("no client certificate", ["+tla", "+cf", _hospital.AuthorityFile, "-aet", "MODALITY"]),
            ("a stranger's certificate", ["+tls", foreignKey, foreignCertificate, "+cf", _hospital.AuthorityFile, "-aet", "MODALITY"]),
            ("a title that is not on the list", ["+tls", key, certificate, "+cf", _hospital.AuthorityFile, "-aet", "OTHER"]),
        })
        {
            var (code, output) = await Tool.Run("echoscu", [.. arguments, "-ta", "20", "-td", "20", "-aec", "BONEMET", "127.0.0.1", Port]);
            Assert.True(code != 0, $"{who} was let in: {output}");
        }
    }

    [Fact]
    public async Task OurCommands_WithCertificates_EchoSendAndFind()
    {
        var (certificate, key, _) = _hospital.Issue("modality");
        string[] peer = [$"BONEMET@127.0.0.1:{Port}+tls", "--aet", "MODALITY", "--cert", certificate, "--key-file", key, "--ca", _hospital.AuthorityFile];
        var slice = Path.Combine(_scratch, "own.dcm");
        await File.WriteAllBytesAsync(slice, TestSeries.Slice(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, await Run(["echo", .. peer]));
        Assert.Equal(0, await Run(["send", .. peer, slice]));
        Assert.Equal(0, await Run(["find", .. peer, "-k", "PatientID=P-1"]));
        var got = Path.Combine(_scratch, "got");
        Assert.Equal(0, await Run(["get", .. peer, "-k", "PatientID=P-1", "--out", got]));
        Assert.Single(Directory.GetFiles(got));
        // Without our certificate, and with a server that our authorities did not issue.
        Assert.Equal(2, await Run(["echo", $"BONEMET@127.0.0.1:{Port}+tls", "--aet", "MODALITY", "--ca", _hospital.AuthorityFile]));
        Assert.Equal(2, await Run(["echo", $"BONEMET@127.0.0.1:{Port}+tls", "--aet", "MODALITY", "--cert", certificate, "--key-file", key, "--ca", _stranger.AuthorityFile]));
    }

    [Fact]
    public async Task Move_ToAnArchiveThatWantsCertificates_ShowsOurOwn()
    {
        var (certificate, key, _) = _hospital.Issue("modality");
        string[] tls = ["+tls", key, certificate, "+cf", _hospital.AuthorityFile, "-aet", "MODALITY", "-aec", "BONEMET", "127.0.0.1", Port];
        var slice = Path.Combine(_scratch, "moved.dcm");
        await File.WriteAllBytesAsync(slice, TestSeries.Slice(2), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Tool.Run("storescu", [.. tls, slice])).Code);

        var moved = Directory.CreateDirectory(Path.Combine(_scratch, "moved")).FullName;
        var (archiveCertificate, archiveKey, _) = _hospital.Issue("archive");
        using var archive = Tool.Start("storescp", "+tls", archiveKey, archiveCertificate, "+cf", _hospital.AuthorityFile, "-aet", "ARCHIVE", "-od", moved, _archive.ToString(CultureInfo.InvariantCulture));
        try
        {
            await Tool.Listening(_archive);
            // dcmtk's movescu knows no TLS.
            string[] peer = [$"BONEMET@127.0.0.1:{Port}+tls", "--aet", "MODALITY", "--cert", certificate, "--key-file", key, "--ca", _hospital.AuthorityFile];
            Assert.Equal(0, await Run(["move", .. peer, "--to", "ARCHIVE", "-k", "PatientID=P-1"]));
            Assert.Single(Directory.GetFiles(moved));
        }
        finally
        {
            archive.Kill();
        }
    }

    [Fact]
    public async Task Address_ThatIsNotOnTheList_IsClosed()
    {
        await using var elsewhere = new IngestionHost("--Ingestion:Scp:Port=0", "--Ingestion:Scp:AllowedNetworks:0=10.0.0.0/8");
        await elsewhere.InitializeAsync();
        var port = elsewhere.Services.GetRequiredService<IngestionScp>().Port.ToString(CultureInfo.InvariantCulture);
        Assert.NotEqual(0, (await Tool.Run("echoscu", "-ta", "20", "-td", "20", "-aec", "BONEMET", "127.0.0.1", port)).Code);
    }

    private static Task<int> Run(string[] arguments) => DicomCommands.Create().Parse(arguments).InvokeAsync();
}
