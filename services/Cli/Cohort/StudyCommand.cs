using System.CommandLine;
using System.Text;
using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Reports;
using BoneMet.Cohorts.Studies;

namespace BoneMet.Cli.Cohort;

/// <summary>One study on one file: <c>bonemet cohort fit c.csv --outcome bm --factors age,sex --json -</c>.</summary>
internal static class StudyCommand
{
    public static Command Create(StudyKind kind, string description)
    {
        var file = new Argument<FileInfo>("FILE.csv") { Description = "CSV or TSV, one row per patient; UTF-8, GB18030 or Windows-1251" };
        var options = new StudyOptions(kind);
        var command = new Command(kind.ToString().ToLowerInvariant(), description) { file };
        foreach (var option in options.All) { command.Add(option); }
        var publish = new PublishOptions();
        var publishes = kind is StudyKind.Fit or StudyKind.Validate or StudyKind.Nomogram or StudyKind.Atlas;
        if (publishes) { foreach (var option in publish.All) { command.Add(option); } }
        command.SetAction((parse, cancellation) => CohortConsole.Run(async () =>
        {
            CohortConsole.RequireFolder(parse.GetValue(options.Json));
            CohortConsole.RequireFolder(parse.GetValue(options.Report)?.FullName);
            var protocol = await options.Protocol(parse, cancellation);
            var progress = new ConsoleProgress(kind.ToString().ToLowerInvariant());
            var loaded = options.Load(parse, parse.GetRequiredValue(file).FullName, protocol, cancellation);
            var second = options.Second(parse, protocol, cancellation);
            if (second is not null) { protocol = protocol with { ValidateOn = protocol.ValidateOn ?? second.Sha256 }; }
            var result = StudyRunner.Run(protocol, loaded, second, progress, cancellation);
            progress.Done();
            CohortConsole.Rejections(loaded);
            CohortConsole.Warnings(result);
            var json = parse.GetValue(options.Json);
            if (json == "-") { await using var output = Console.OpenStandardOutput(); await output.WriteAsync(Encoding.UTF8.GetBytes(result.ToText() + "\n"), cancellation); }
            else if (json is not null) { await File.WriteAllTextAsync(json, result.ToText() + "\n", cancellation); }
            if (parse.GetValue(options.Report) is { } report)
            {
                await File.WriteAllTextAsync(report.FullName, StudyReport.Write(result, loaded, Path.GetFileName(parse.GetRequiredValue(file).Name)), cancellation);
                await Console.Error.WriteLineAsync($"report: {report.FullName}");
            }
            if (publishes) { await publish.Run(parse, result, parse.GetRequiredValue(file).Name, cancellation); }
            if (json != "-") { StudyText.Write(Console.Out, result); }
            return 0;
        }));
        return command;
    }
}
