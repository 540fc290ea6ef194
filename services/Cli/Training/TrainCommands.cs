using System.CommandLine;

namespace BoneMet.Cli.Training;

internal static class TrainCommands
{
    public static Command Create() => new("train", "Train an image encoder");
}
