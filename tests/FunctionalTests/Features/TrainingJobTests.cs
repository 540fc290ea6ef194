using System.Diagnostics;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

/// <summary>The training job's own tests, in its own language.</summary>
public sealed class TrainingJobTests
{
    [Fact]
    public async Task TrainingJob_ItsPytests_Pass()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && await Run(Python, ["-c", "import torch, onnx, pytest"]) is (0, _), "needs Debian's python3-torch, python3-onnx and python3-pytest");
        var (code, output) = await Run(Python, ["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
        Assert.True(code == 0, output);
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    internal static async Task<(int Code, string Output)> Run(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.Combine(TestData.Root, "services", "ModelTraining"), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output + await error);
    }
}
