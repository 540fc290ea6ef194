using System.CommandLine;
using System.Diagnostics;

namespace BoneMet.Cli.Training;

/// <summary>Starts the training job, the one Python part: services/ModelTraining.</summary>
internal static class PythonJob
{
    private const string Variable = "BONEMET_PYTHON";
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    public static IEnumerable<Command> Commands()
    {
        yield return Judged("imaging", "Train a volume encoder and export it to ONNX");
        yield return Judged("pathology", "Train a tile encoder with its bag head and export it to ONNX");
        yield return Judged("fusion", "Train the fusion of both modalities on two finished runs and export it to ONNX");
        yield return Passing("untrained", "Write the fixed-seed encoders that the platform ships, marked untrained");
    }

    /// <summary>A job whose result is judged by shared/Statistics before it counts as published.</summary>
    private static Command Judged(string name, string description)
    {
        var cases = new Option<DirectoryInfo>("--cases") { Description = "Training set: a folder of `train generate` or `train prepare`", Required = true, HelpName = "DIR" };
        var config = new Option<FileInfo?>("--config") { Description = "Settings as one JSON object", HelpName = "C.json" };
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder of the run; started again, the run goes on", Required = true, HelpName = "DIR" };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var threads = new Option<int>("--threads") { Description = "CPU threads; with one, a run repeats to the last bit", DefaultValueFactory = _ => 1 };
        var force = new Option<bool>("--force") { Description = "Publish although the added value is not shown; the package then says so" };
        var command = new Command(name, description) { cases, config, folder, device, threads, force };
        var parts = name != "fusion" ? [] : new[] { "imaging", "pathology" }.Select(part => new Option<DirectoryInfo>($"--{part}") { Description = $"Folder of the {part} run", Required = true, HelpName = "DIR" }).ToArray();
        foreach (var part in parts) { command.Add(part); }
        command.SetAction((parsed, cancellation) => TrainingFailure.Guard(async () =>
        {
            string[] arguments = ["--threads", $"{parsed.GetValue(threads)}", name, "--cases", parsed.GetValue(cases)!.FullName, "--out", parsed.GetValue(folder)!.FullName, "--device", parsed.GetValue(device)!,
                .. parsed.GetValue(config) is { } settings ? ["--config", settings.FullName] : Array.Empty<string>(),
                .. parts.SelectMany(part => new[] { part.Name, parsed.GetValue(part)!.FullName })];
            var code = await Run(arguments, cancellation);
            return code != 0 ? code : FinishedRun.Judge(parsed.GetValue(folder)!, parsed.GetValue(force));
        }));
        return command;
    }

    private static Command Passing(string name, string description)
    {
        var rest = new Argument<string[]>("arguments") { Description = "--cases DIR --config C.json --out DIR; --help for all", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(name, description) { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => TrainingFailure.Guard(() => Run([name, .. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens], cancellation)));
        return command;
    }

    public static async Task<int> Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(FindPython()) { UseShellExecute = false };
        start.ArgumentList.Add("-m");
        start.ArgumentList.Add("bonemet_training");
        foreach (var argument in arguments) { start.ArgumentList.Add(argument); }
        start.Environment["PYTHONPATH"] = FindPackage();
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var job = Process.Start(start) ?? throw new TrainingFailure("The training job could not be started.");
        try
        {
            await job.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            job.Kill(entireProcessTree: true);
            throw;
        }
        return job.ExitCode;
    }

    /// <summary>The interpreter that has PyTorch and ONNX.</summary>
    private static string FindPython()
    {
        var wanted = Environment.GetEnvironmentVariable(Variable);
        foreach (var candidate in wanted is { Length: > 0 } ? [wanted] : Candidates)
        {
            if (HasTorch(candidate)) { return candidate; }
        }
        throw new TrainingFailure($"training needs Python 3 with PyTorch and onnx: `apt-get install python3-torch python3-onnx`, or set {Variable} to an interpreter that has them.");
    }

    private static bool HasTorch(string python)
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(python, ["-c", "import importlib.util as u, sys; sys.exit(0 if u.find_spec('torch') and u.find_spec('onnx') else 1)"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            });
            if (probe is null) { return false; }
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string FindPackage() =>
        Root() is { } root ? Path.Combine(root, "services", "ModelTraining") : throw new TrainingFailure("The training job (services/ModelTraining) is not part of this installation.");

    /// <summary>The repository's root, where the training job lies; null outside one.</summary>
    public static string? Root()
    {
        for (var folder = Environment.GetEnvironmentVariable("BONEMET_ROOT") ?? AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "services", "ModelTraining", "bonemet_training"))) { return folder; }
        }
        return null;
    }
}
