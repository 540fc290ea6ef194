using System.Diagnostics;
using System.Globalization;
using BoneMet.Dicom;

namespace BoneMet.Benchmarks;

/// <summary>
/// Reading all headers of a folder of DICOM files in one warm process, beside python3-pydicom (the same, in one process) and dcm2json (one
/// process for each file) in the same run. usage: bench dicom [FOLDER]; the folder is the shared corpus by default.
/// </summary>
internal static class DicomBench
{
    private const int Rounds = 15;

    private const string PydicomScript = """
        import sys, time, warnings, logging, pydicom
        warnings.simplefilter('ignore'); logging.disable(logging.CRITICAL)
        files = [line.rstrip('\n') for line in sys.stdin]
        best = 1e9
        for _ in range(5):
            began = time.perf_counter()
            for path in files:
                try:
                    d = pydicom.dcmread(path, stop_before_pixels=True, force=True); d.get('SOPInstanceUID'); d.get('PatientName')
                except Exception: pass
            best = min(best, time.perf_counter() - began)
        print(best * 1000)
        """;

    public static int Run(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Environment.GetEnvironmentVariable("BONEMET_TEST_DATA") is { Length: > 0 } data ? Path.Combine(data, "dicom") : Path.Combine(Root(), "..", "shared", "data", "dicom");
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"bench dicom: there is no folder {folder}; give one with DICOM files.");
            return 2;
        }
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Console.WriteLine($"{files.Length} files, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        var ours = Ours(files);
        Report("this library, warm", ours.Best, null);
        Console.WriteLine($"  median {ours.Median:0.0} ms; {ours.Bytes / files.Length:0} bytes allocated for each file; {ours.Refused} refused");
        if (Pydicom(files) is { } pydicom) { Report("python3-pydicom, warm", pydicom, ours.Best); }
        else { Console.WriteLine("python3-pydicom is not installed: no ratio"); }
        if (Dcm2Json(files) is { } dcm2json) { Report("dcm2json, one process for each file", dcm2json, ours.Best); }
        else { Console.WriteLine("dcm2json (dcmtk) is not installed: no ratio"); }
        return 0;
    }

    private static (double Best, double Median, double Bytes, int Refused) Ours(string[] files)
    {
        var times = new List<double>();
        var refused = 0;
        var bytes = 0L;
        var sink = 0;
        for (var round = 0; round < Rounds; round++)
        {
            refused = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            foreach (var path in files)
            {
                try
                {
                    var dataset = DicomFile.Open(path).Dataset;
                    sink += dataset.GetSingleValueOrDefault(DicomTag.SOPInstanceUID, "").Length + dataset.GetSingleValueOrDefault(DicomTag.PatientName, "").Length;
                }
                catch (DicomException)
                {
                    refused++;
                }
            }
            times.Add(watch.Elapsed.TotalMilliseconds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        times.Sort();
        GC.KeepAlive(sink);
        return (times[0], times[times.Count / 2], bytes, refused);
    }

    private static double? Pydicom(string[] files)
    {
        var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(PydicomScript);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            foreach (var file in files) { process.StandardInput.WriteLine(file); }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Python ended before it read the list: pydicom is missing.
            return null;
        }
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && double.TryParse(output.Trim(), CultureInfo.InvariantCulture, out var time) ? time : null;
    }

    private static double? Dcm2Json(string[] files)
    {
        var watch = Stopwatch.StartNew();
        foreach (var file in files)
        {
            var start = new ProcessStartInfo("dcm2json") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(file);
            Process process;
            try
            {
                process = Process.Start(start)!;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return null;
            }
            using (process)
            {
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                process.StandardOutput.BaseStream.CopyTo(Stream.Null);
                process.WaitForExit();
            }
        }
        return watch.Elapsed.TotalMilliseconds;
    }

    private static void Report(string what, double milliseconds, double? ours) =>
        Console.WriteLine($"{what,-38} {milliseconds,9:0.0} ms{(ours is { } mine ? $"   {milliseconds / mine,6:0.0} x ours" : "")}");

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "BoneMetPlatform.sln"))) { folder = Path.GetDirectoryName(folder); }
        return folder ?? Environment.CurrentDirectory;
    }
}
