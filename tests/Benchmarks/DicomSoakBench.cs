using BoneMet.Cli.Platform;
using BoneMet.Dicom;
using BoneMet.Dicom.Network;

namespace BoneMet.Benchmarks;

/// <summary>
/// `bench dicom-soak [INSTANCES=5000]`: memory of AllInOne while small instances come in by four associations; flat is the goal.
/// `bench dicom-large [MIB=600]`: memory of AllInOne while one multi-frame object comes in; it must stay within 200 MB of the idle process.
/// </summary>
internal static class DicomSoakBench
{
    private const int Associations = 4;
    private const int Reports = 10;
    private const int Edge = 512;
    private const int LargestGrowth = 200;
    private const string MultiFrame = "1.2.840.10008.5.1.4.1.1.2.1";
    private const string SingleFrame = "1.2.840.10008.5.1.4.1.1.2";

    public static async Task<int> Soak(string[] args)
    {
        var instances = args.Length > 0 ? int.Parse(args[0]) : 5000;
        await using var server = await Server.Start();
        Console.WriteLine($"{instances} instances by {Associations} associations, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; idle {server.Resident()} MB");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var report = 0; report < Reports; report++)
        {
            var (from, to) = (instances * report / Reports, instances * (report + 1) / Reports);
            await Task.WhenAll(Enumerable.Range(0, Associations).Select(lane => Task.Run(() => Send(server.Peer, Enumerable.Range(from, to - from).Where(n => n % Associations == lane).Select(Small)))));
            Console.WriteLine($"  after {to,8}: {server.Resident(),5} MB, {to / clock.Elapsed.TotalSeconds:0} instances/s");
        }
        return 0;
    }

    public static async Task<int> Large(string[] args)
    {
        var mebibytes = args.Length > 0 ? int.Parse(args[0]) : 600;
        await using var server = await Server.Start();
        var path = Path.Combine(server.Folder, "large.dcm");
        Generate(path, mebibytes);
        var idle = server.Resident();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Send(server.Peer, [DicomFile.Open(path)]);
        var growth = server.Peak() - idle;
        Console.WriteLine($"{mebibytes} MiB in one object: received, de-identified, stored and indexed in {clock.Elapsed.TotalSeconds:0.0} s; {idle} MB idle, {growth} MB more at the peak ({LargestGrowth} allowed), load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        return growth <= LargestGrowth ? 0 : 1;
    }

    private static async Task Send(DicomPeer peer, IEnumerable<DicomFile> files)
    {
        await using var client = await DicomClient.Connect(peer, "BENCH", DicomClient.ContextsFor(SingleFrame, MultiFrame), new DicomNetworkLimits { Idle = TimeSpan.FromMinutes(10) });
        foreach (var file in files)
        {
            var status = await client.Store(new DicomRetrieveItem(file.Dataset.GetString(DicomTag.SOPClassUID), file.Dataset.GetString(DicomTag.SOPInstanceUID), file.TransferSyntax.UID.UID, _ => Task.FromResult(file)));
            if (!status.IsSuccess) { throw new InvalidOperationException($"C-STORE was answered with {status}."); }
        }
        await client.Release(CancellationToken.None);
    }

    private static DicomFile Small(int number)
    {
        const int edge = 32;
        var dataset = Header(SingleFrame, number, edge);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, new byte[2 * edge * edge]));
        return new DicomFile(dataset);
    }

    /// <summary>Header, then pixels that no block of the disk is spent on.</summary>
    private static void Generate(string path, int mebibytes)
    {
        var frames = mebibytes * 2;
        var dataset = Header(MultiFrame, 0, Edge);
        dataset.AddOrUpdate(DicomTag.NumberOfFrames, frames);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, []));
        using var file = new FileStream(path, FileMode.CreateNew);
        new DicomFile(dataset).Save(file);
        var length = (uint)(2L * Edge * Edge * frames);
        file.Position -= 4;
        file.Write(BitConverter.GetBytes(length));
        file.SetLength(file.Position + length);
    }

    private static DicomDataset Header(string sopClass, int number, int edge)
    {
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.SOPClassUID, sopClass);
        dataset.AddOrUpdate(DicomTag.SOPInstanceUID, $"1.2.276.0.98.1.{number + 1}");
        dataset.AddOrUpdate(DicomTag.StudyInstanceUID, $"1.2.276.0.98.2.{number / 1000}");
        dataset.AddOrUpdate(DicomTag.SeriesInstanceUID, $"1.2.276.0.98.3.{number / 1000}");
        dataset.AddOrUpdate(DicomTag.Modality, "CT");
        dataset.AddOrUpdate(DicomTag.PatientName, "Bench^Patient");
        dataset.AddOrUpdate(DicomTag.PatientID, $"BENCH{number / 1000}");
        dataset.AddOrUpdate(DicomTag.StudyDate, "20240102");
        dataset.AddOrUpdate(DicomTag.InstanceNumber, (number % 1000) + 1);
        dataset.AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1);
        dataset.AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2");
        dataset.AddOrUpdate(DicomTag.Rows, (ushort)edge);
        dataset.AddOrUpdate(DicomTag.Columns, (ushort)edge);
        dataset.AddOrUpdate(DicomTag.BitsAllocated, (ushort)16);
        dataset.AddOrUpdate(DicomTag.BitsStored, (ushort)12);
        dataset.AddOrUpdate(DicomTag.HighBit, (ushort)11);
        dataset.AddOrUpdate(DicomTag.PixelRepresentation, (ushort)0);
        return dataset;
    }

    /// <summary>AllInOne with an open DIMSE port, in a folder of its own.</summary>
    private sealed class Server(LocalPlatform platform, string folder, int port) : IAsyncDisposable
    {
        public string Folder => folder;

        public DicomPeer Peer { get; } = new("BONEMET", "127.0.0.1", port);

        public static async Task<Server> Start()
        {
            var folder = Directory.CreateTempSubdirectory("bonemet-soak-").FullName;
            var port = DicomReceiveBench.FreePort();
            return new Server(await LocalPlatform.Start(Path.Combine(folder, "data"), null, CancellationToken.None, new Dictionary<string, string> { ["Ingestion:Scp:Port"] = $"{port}", ["Ingestion:Scp:IdleSeconds"] = "600" }), folder, port);
        }

        public int Resident() => Megabytes("VmRSS:");

        public int Peak() => Megabytes("VmHWM:");

        public async ValueTask DisposeAsync()
        {
            await platform.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        private int Megabytes(string name) =>
            int.Parse(File.ReadLines($"/proc/{platform.Process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }
}
