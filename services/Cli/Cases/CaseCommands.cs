using System.CommandLine;

namespace BoneMet.Cli.Cases;

internal static class CaseCommands
{
    public static Command Create() => new("case", "Compute a case's predictions again, or write its report for other systems") { RecomputeCommand.Create(), ExportCommand.Create() };
}
