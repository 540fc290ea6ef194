using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BoneMet.Dicom;

namespace BoneMet.Benchmarks;

/// <summary>
/// C-STORE of a generated CT series with dcmsend, by one and by four associations, and STOW-RS by one and by four connections (20 instances in a request): into
/// AllInOne (de-identified, flushed, indexed), and in the same run into dcmtk's storescp +B (neither flushed nor indexed; one process, and a process for each
/// association) and Orthanc (its delayed acknowledgements corrected). Every server starts afresh and is measured once it has nothing to do. usage: bench dicom-receive [SLICES=300] [ROUNDS=1]
/// </summary>
internal static class DicomReceiveBench
{
    private const int Edge = 512;
    private const int Pdu = 16384;
    internal const string DicomWebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    public static int Run(string[] args)
    {
        var slices = args.Length > 0 && int.TryParse(args[0], out var count) ? count : 300;
        var rounds = args.Length > 1 && int.TryParse(args[1], out var times) ? times : 1;
        var allInOne = Path.Combine(AppContext.BaseDirectory, "..", "..", "AllInOne", "release", "BoneMet.AllInOne.dll");
        if (!File.Exists(allInOne))
        {
            Console.Error.WriteLine("bench dicom-receive: AllInOne is not built; run ./bonemet build first.");
            return 2;
        }
        if (Find("dcmsend") is null)
        {
            Console.Error.WriteLine("bench dicom-receive: dcmsend (package dcmtk) is not installed.");
            return 2;
        }
        var scratch = Directory.CreateTempSubdirectory("bonemet-receive-").FullName;
        try
        {
            var parts = Generate(scratch, slices);
            Console.WriteLine($"{slices} slices of {Edge} x {Edge}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
            for (var round = 0; round < rounds; round++)
            {
                foreach (var associations in (int[])[1, 4])
                {
                    var fork = associations > 1 ? (string[])["--fork"] : [];
                    var ours = Measure(scratch, parts, slices, associations, "BONEMET", (data, port, http) => Start("dotnet", allInOne, $"--Data:Folder={data}", $"--Http:Port={http}", "--Http:GrpcPort=0", $"--Ingestion:Scp:Port={port}"));
                    Print("this platform", associations, ours, null);
                    if (Find("storescp") is not null) { Print("dcmtk storescp +B", associations, Measure(scratch, parts, slices, associations, "PEER", (data, port, _) => Start("storescp", ["-aet", "PEER", "+B", .. fork, "-pdu", $"{Pdu}", "-od", data, $"{port}"])), ours); }
                    if (Find("Orthanc") is not null) { Print("Orthanc", associations, Measure(scratch, parts, slices, associations, "ORTHANC", Orthanc), ours); }
                }
                StowBench.Round(scratch, parts, slices);
            }
            return 0;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    internal static void Print(string name, int associations, double rate, double? ours) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"  {name,-18} {associations} at once: {rate,7:0} instances/s{(ours is { } own ? $"   ours / this = {own / rate:0.00}" : "")}"));

    private static double Measure(string scratch, string[] parts, int slices, int associations, string aeTitle, Func<string, int, int, Process> start)
    {
        var data = Path.Combine(scratch, "data");
        Directory.CreateDirectory(data);
        var (port, http) = (FreePort(), FreePort());
        using var server = start(data, port, http);
        try
        {
            WaitFor(port, server);
            var clock = Stopwatch.StartNew();
            var groups = parts.Chunk(parts.Length / associations).Select(folders => Start("dcmsend", ["-q", "-aec", aeTitle, "--max-send-pdu", $"{Pdu}", "+sd", "127.0.0.1", $"{port}", .. folders])).ToList();
            foreach (var sender in groups)
            {
                sender.WaitForExit();
                if (sender.ExitCode != 0) { Console.WriteLine($"  (a sender to {aeTitle} ended with {sender.ExitCode})"); }
                sender.Dispose();
            }
            return slices / clock.Elapsed.TotalSeconds;
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            Directory.Delete(data, recursive: true);
        }
    }

    internal static Process Orthanc(string data, int port, int http)
    {
        var settings = Path.Combine(data, "orthanc.json");
        File.WriteAllText(settings, $$"""
            { "StorageDirectory": "{{data}}", "IndexDirectory": "{{data}}", "DicomPort": {{port}}, "HttpPort": {{http}}, "DicomAet": "ORTHANC",
              "AuthenticationEnabled": false, "SyncStorageArea": true, "MaximumPduLength": {{Pdu}},
              "Plugins": [{{(File.Exists(DicomWebPlugin) ? $"\"{DicomWebPlugin}\"" : "")}}], "DicomWeb": { "Enable": true, "Root": "/dicom-web/" } }
            """);
        return Start("Orthanc", settings);
    }

    /// <summary>Four folders of equal size.</summary>
    private static string[] Generate(string scratch, int slices)
    {
        var random = new Random(20240607);
        var noise = new byte[2 * Edge * Edge];
        var parts = Enumerable.Range(0, 4).Select(n => Directory.CreateDirectory(Path.Combine(scratch, $"part-{n}")).FullName).ToArray();
        for (var n = 0; n < slices; n++)
        {
            random.NextBytes(noise);
            for (var at = 1; at < noise.Length; at += 2) { noise[at] &= 0x0F; }
            var dataset = new DicomDataset();
            dataset.AddOrUpdate(DicomTag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2");
            dataset.AddOrUpdate(DicomTag.SOPInstanceUID, $"1.2.276.0.99.1.{n + 1}");
            dataset.AddOrUpdate(DicomTag.StudyInstanceUID, "1.2.276.0.99.2");
            dataset.AddOrUpdate(DicomTag.SeriesInstanceUID, "1.2.276.0.99.3");
            dataset.AddOrUpdate(DicomTag.FrameOfReferenceUID, "1.2.276.0.99.4");
            dataset.AddOrUpdate(DicomTag.Modality, "CT");
            dataset.AddOrUpdate(DicomTag.PatientName, "Bench^Patient");
            dataset.AddOrUpdate(DicomTag.PatientID, "BENCH0001");
            dataset.AddOrUpdate(DicomTag.StudyDate, "20240102");
            dataset.AddOrUpdate(DicomTag.StudyDescription, "CHEST");
            dataset.AddOrUpdate(DicomTag.InstanceNumber, n + 1);
            dataset.AddOrUpdate(DicomTag.ImagePositionPatient, 0.0, 0.0, 1.0 * n);
            dataset.AddOrUpdate(DicomTag.ImageOrientationPatient, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
            dataset.AddOrUpdate(DicomTag.PixelSpacing, 0.7, 0.7);
            dataset.AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1);
            dataset.AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2");
            dataset.AddOrUpdate(DicomTag.Rows, (ushort)Edge);
            dataset.AddOrUpdate(DicomTag.Columns, (ushort)Edge);
            dataset.AddOrUpdate(DicomTag.BitsAllocated, (ushort)16);
            dataset.AddOrUpdate(DicomTag.BitsStored, (ushort)12);
            dataset.AddOrUpdate(DicomTag.HighBit, (ushort)11);
            dataset.AddOrUpdate(DicomTag.PixelRepresentation, (ushort)0);
            dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, noise));
            using var file = File.Create(Path.Combine(parts[n % parts.Length], $"{n:00000}.dcm"));
            new DicomFile(dataset).Save(file);
        }
        return parts;
    }

    internal static Process Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        // Debian's dcmtk leaves Nagle's algorithm on; without it the peers would wait for delayed acknowledgements.
        start.Environment["TCP_NODELAY"] = "1";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    internal static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal static void WaitFor(int port, Process server)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            try
            {
                using var socket = new TcpClient();
                socket.Connect(IPAddress.Loopback, port);
                WaitUntilIdle(server);
                return;
            }
            catch (SocketException)
            {
                // Not listening yet; one that has ended never will.
                if (server.WaitForExit(50)) { throw new InvalidOperationException($"The server ended with exit code {server.ExitCode} before it listened on port {port}."); }
            }
        }
        throw new TimeoutException($"Nothing listened on port {port} within {Patience.TotalSeconds:0} s.");
    }

    /// <summary>A server that has just begun to listen may still be starting: none is measured before it has nothing to do.</summary>
    internal static void WaitUntilIdle(Process server)
    {
        var clock = Stopwatch.StartNew();
        var before = server.TotalProcessorTime;
        while (clock.Elapsed < Settling)
        {
            Thread.Sleep(Glance);
            server.Refresh();
            var now = server.TotalProcessorTime;
            if (clock.Elapsed > Least && now - before < Glance / 20) { return; }
            before = now;
        }
    }
}
