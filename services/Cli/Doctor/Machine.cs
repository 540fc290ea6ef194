using System.Diagnostics;
using System.Runtime.InteropServices;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Doctor;

/// <summary>Looks at this machine; changes nothing.</summary>
internal static class Machine
{
    private const long Gigabyte = 1L << 30;

    public static IReadOnlyList<Finding> Examine(string dataFolder) =>
    [
        Sdk(), Disk(dataFolder), Memory(), Port(8080, "REST"), Port(8081, "gRPC"), Port(11112, "DIMSE"),
        Rabbit(), .. Setting("ConnectionStrings__rabbitmq"), .. Setting("ConnectionStrings__mongodb"), .. Setting("OTEL_EXPORTER_OTLP_ENDPOINT"),
        Library("OpenSlide", ["libopenslide.so.0"], "slides in vendor formats other than TIFF and SVS", "apt-get install libopenslide0"),
        Library("OpenJPEG", ["libopenjp2.so.7"], "JPEG 2000 in DICOM", "apt-get install libopenjp2-7"),
        Library("CharLS", ["libcharls.so.2"], "JPEG-LS in DICOM", "apt-get install libcharls2"),
        Program("dcmtk", "dcmdump", "the tests' DICOM peer", "apt-get install dcmtk"),
        Program("Chromium", "chromium", "the tests of the pages", "apt-get install chromium"),
        Program("buildah", "buildah", "`bonemet images` without Docker", "apt-get install buildah mmdebstrap binutils"),
        Program("podman", "podman", "`bonemet bundle` without Docker", "apt-get install podman"),
        Torch(), Gpu(),
    ];

    private static Finding Sdk()
    {
        var version = Output("dotnet", "--version");
        return version is { } found && found.StartsWith("10.", StringComparison.Ordinal)
            ? new Finding(".NET SDK", Finding.Ok, found)
            : new Finding(".NET SDK", Finding.Missing, version ?? "not found", "install the .NET 10 SDK");
    }

    private static Finding Disk(string folder)
    {
        var full = Path.GetFullPath(folder);
        while (!Directory.Exists(full)) { full = Path.GetDirectoryName(full) ?? "/"; }
        var free = new DriveInfo(full).AvailableFreeSpace;
        var text = $"{free / Gigabyte} GB free where {full} is";
        return free > 5 * Gigabyte ? new Finding("disk", Finding.Ok, text) : new Finding("disk", Finding.Missing, text, "free at least 5 GB, or choose another folder with --data");
    }

    private static Finding Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var text = $"{(double)total / Gigabyte:0.0} GB";
        return total > 2 * Gigabyte ? new Finding("memory", Finding.Ok, text) : new Finding("memory", Finding.Missing, text, "2 GB are needed for one machine with everything on it");
    }

    private static Finding Port(int port, string use) =>
        FreePort.IsFree(port)
            ? new Finding($"port {port}", Finding.Ok, $"free ({use})")
            : new Finding($"port {port}", Finding.Optional, $"in use ({use})", use == "DIMSE" ? "set Ingestion:Scp:Port" : "give another with --port");

    private static Finding Rabbit() =>
        File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server")
            ? new Finding("RabbitMQ", Finding.Ok, "installed: `bonemet cluster` starts its own on loopback")
            : new Finding("RabbitMQ", Finding.Optional, "not installed; needed for `bonemet cluster` only", "apt-get install rabbitmq-server, or set ConnectionStrings__rabbitmq");

    private static IEnumerable<Finding> Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? [Uri.TryCreate(value, UriKind.Absolute, out _) || name.Contains("mongodb", StringComparison.Ordinal)
                ? new Finding(name, Finding.Ok, "set")
                : new Finding(name, Finding.Missing, "set, but it is not an absolute URL", $"correct or unset {name}")]
            : [];

    private static Finding Library(string item, string[] names, string use, string fix)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                NativeLibrary.Free(handle);
                return new Finding(item, Finding.Ok, $"{name} ({use})");
            }
        }
        return new Finding(item, Finding.Optional, $"{names[0]} not found; needed for {use}", fix);
    }

    private static Finding Program(string item, string program, string use, string fix) =>
        Tool.Which(program) is { } path
            ? new Finding(item, Finding.Ok, path)
            : new Finding(item, Finding.Optional, $"not found; needed for {use}", fix);

    private static Finding Torch()
    {
        var version = Output("/usr/bin/python3", "-c", "import importlib.metadata as m; print(m.version('torch'))");
        return version is { Length: > 0 }
            ? new Finding("PyTorch", Finding.Ok, version)
            : new Finding("PyTorch", Finding.Optional, "not found; needed for `bonemet train` only", "apt-get install python3-torch python3-onnx");
    }

    private static Finding Gpu()
    {
        var name = Output("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader");
        return name is { Length: > 0 }
            ? new Finding("GPU", Finding.Ok, name.Split('\n')[0], "build with -p:OnnxRuntimeNative=Gpu to use it")
            : new Finding("GPU", Finding.Optional, "none: inference runs on the CPU");
    }

    private static string? Output(string program, params string[] arguments)
    {
        if (!Path.IsPathRooted(program) && Tool.Which(program) is null) { return null; }
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var text = process.StandardOutput.ReadToEnd().Trim();
            return process.WaitForExit(TimeSpan.FromSeconds(20)) && process.ExitCode == 0 ? text : null;
        }
        catch (System.ComponentModel.Win32Exception) { return null; }
    }
}
