using System.CommandLine;

namespace BoneMet.Cli.Cohort;

internal static class CohortCommands
{
    public static Command Create() => new("cohort", "Describe, screen, fit and validate risk factors of a cohort");
}
