using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using BoneMet.Cli.Demo;
using BoneMet.Cli.Platform;
using BoneMet.Contracts.Api;

namespace BoneMet.Benchmarks;

/// <summary>STOW-RS of the series of <see cref="DicomReceiveBench"/>: bodies are made before the clock starts.</summary>
internal static class StowBench
{
    private const int PerRequest = 20;
    private const string Boundary = "bonemet-bench-boundary";

    public static void Round(string scratch, string[] parts, int slices)
    {
        var bodies = parts.SelectMany(Directory.EnumerateFiles).Chunk(PerRequest).Select(Body).ToList();
        foreach (var connections in (int[])[1, 4])
        {
            var ours = Ours(scratch, bodies, connections).GetAwaiter().GetResult();
            DicomReceiveBench.Print("STOW platform", connections, slices / ours, null);
            if (DicomReceiveBench.Find("Orthanc") is null || !File.Exists(DicomReceiveBench.DicomWebPlugin)) { continue; }
            var theirs = Orthanc(scratch, bodies, connections).GetAwaiter().GetResult();
            DicomReceiveBench.Print("STOW Orthanc", connections, slices / theirs, slices / ours);
        }
    }

    private static async Task<double> Ours(string scratch, List<byte[]> bodies, int connections)
    {
        var data = Path.Combine(scratch, "stow");
        try
        {
            var port = DicomReceiveBench.FreePort();
            await using var platform = await LocalPlatform.Start(data, null, CancellationToken.None, new Dictionary<string, string> { ["Ingestion:Scp:Port"] = $"{port}" });
            using var client = new PlatformClient(platform.Url, platform.Key!);
            var created = await client.CreateCase(new NewCase { Subject = "BENCH-0001", CancerType = "lung", Expected = ["imaging"] }, CancellationToken.None);
            using var http = new HttpClient { BaseAddress = platform.Url };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.Key);
            using var process = Process.GetProcessById(platform.Process.Id);
            DicomReceiveBench.WaitUntilIdle(process);
            return await Post(http, $"/dicomweb/studies?case={created.Id}&complete=false", bodies, connections);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<double> Orthanc(string scratch, List<byte[]> bodies, int connections)
    {
        var data = Directory.CreateDirectory(Path.Combine(scratch, "stow")).FullName;
        var port = DicomReceiveBench.FreePort();
        using var server = DicomReceiveBench.Orthanc(data, DicomReceiveBench.FreePort(), port);
        try
        {
            DicomReceiveBench.WaitFor(port, server);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            return await Post(http, "/dicom-web/studies", bodies, connections);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<double> Post(HttpClient http, string path, List<byte[]> bodies, int connections)
    {
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < bodies.Count)
            {
                using var content = new ByteArrayContent(bodies[n]);
                content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/related; type=\"application/dicom\"; boundary={Boundary}");
                using var response = await http.PostAsync(path, content);
                if (!response.IsSuccessStatusCode) { throw new InvalidOperationException($"STOW-RS was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}"); }
            }
        })));
        return clock.Elapsed.TotalSeconds;
    }

    private static byte[] Body(string[] files)
    {
        using var body = new MemoryStream();
        foreach (var file in files)
        {
            body.Write(Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n"));
            body.Write(File.ReadAllBytes(file));
            body.Write("\r\n"u8);
        }
        body.Write(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return body.ToArray();
    }
}
