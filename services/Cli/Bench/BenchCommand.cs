using System.CommandLine;
using System.Diagnostics;
using BoneMet.Cli.Platform;

namespace BoneMet.Cli.Bench;

/// <summary>`bonemet bench NAME`: runs a measurement of tests/Benchmarks beside its peer, in one run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "predict, case, start, dicom, receive, slides, stats, cohort, inference … (no name: the list)", Arity = ArgumentArity.ZeroOrOne };
        var rest = new Argument<string[]>("arguments") { Description = "Passed on to the measurement", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("bench", "Measure, with the peer beside it in the same run (docs/benchmarks.md has the record)") { name, rest };
        command.SetAction(async (parsed, cancellation) =>
        {
            var info = new ProcessStartInfo(Binaries.Dotnet);
            info.ArgumentList.Add(Binaries.Find("Benchmarks"));
            if (parsed.GetValue(name) is { } wanted) { info.ArgumentList.Add(wanted); }
            foreach (var argument in parsed.GetValue(rest) ?? []) { info.ArgumentList.Add(argument); }
            using var process = Process.Start(info)!;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode;
        });
        return command;
    }
}
