using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace BoneMet.Cli.Doctor;

/// <summary>`bonemet doctor`: what is present, missing or misconfigured, with the fix for each.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON" };
        var data = new Option<string>("--data") { Description = "Data folder whose disk is checked", DefaultValueFactory = _ => ".", HelpName = "DIR" };
        var command = new Command("doctor", "Say what is present, missing or misconfigured on this machine, with the fix for each") { json, data };
        command.SetAction(parsed =>
        {
            var findings = Machine.Examine(parsed.GetValue(data)!);
            if (parsed.GetValue(json)) { Console.WriteLine(JsonSerializer.Serialize(findings, JsonSerializerOptions.Web)); }
            else { Print(findings); }
            return findings.Any(finding => finding.State == Finding.Missing) ? 1 : 0;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("item", "state", "found");
        foreach (var finding in findings)
        {
            var colour = finding.State switch { Finding.Ok => "green", Finding.Optional => "yellow", _ => "red" };
            var what = finding.Fix is null ? Markup.Escape(finding.What) : $"{Markup.Escape(finding.What)}\n[bold]fix:[/] {Markup.Escape(finding.Fix)}";
            table.AddRow(Markup.Escape(finding.Item), $"[{colour}]{finding.State}[/]", what);
        }
        AnsiConsole.Write(table);
        var missing = findings.Count(finding => finding.State == Finding.Missing);
        Console.WriteLine(missing == 0 ? "Nothing that is needed is missing." : $"{missing} needed item(s) missing.");
    }
}
