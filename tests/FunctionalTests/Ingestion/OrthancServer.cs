using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BoneMet.Cli.Platform;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>Debian's Orthanc in a folder of its own, with one DICOM peer; the test is skipped by name where it is not installed.</summary>
internal sealed class OrthancServer : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orthanc-").FullName;
    private Process? process;

    public int DicomPort { get; } = FreePort.Find(1)[0];

    public HttpClient Http { get; private set; } = new();

    /// <param name="peerPort">Port of the peer, which Orthanc knows as BONEMET.</param>
    public async Task Start(int peerPort)
    {
        Tool.Require("Orthanc");
        var http = FreePort.Find(1)[0];
        var configuration = Path.Combine(folder, "orthanc.json");
        await File.WriteAllTextAsync(configuration, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Name"] = "test", ["StorageDirectory"] = folder, ["IndexDirectory"] = folder, ["HttpPort"] = http, ["DicomPort"] = DicomPort, ["DicomAet"] = "ORTHANC", ["RemoteAccessAllowed"] = false,
            ["AuthenticationEnabled"] = false, ["DicomScpTimeout"] = 90, ["DicomScuTimeout"] = 90, ["Plugins"] = Array.Empty<string>(),
            ["DicomModalities"] = new Dictionary<string, object> { ["bonemet"] = new { AET = "BONEMET", Host = "127.0.0.1", Port = peerPort, AllowStorageCommitment = true, Timeout = 90 } },
        }));
        process = Tool.Start("Orthanc", configuration);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Tool.Listening(http);
        await Tool.Listening(DicomPort);
        Http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http}")), Timeout = TimeSpan.FromSeconds(120) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(folder, true);
    }
}
