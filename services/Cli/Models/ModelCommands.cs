using System.CommandLine;

namespace BoneMet.Cli.Models;

internal static class ModelCommands
{
    public static Command Create() => new("model", "List, check, draw and apply risk models");
}
