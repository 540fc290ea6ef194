using System.CommandLine;

namespace BoneMet.Cli.Training;

internal static class EncoderCommands
{
    public static Command Create() => new("encoder", "Image encoders: list, add, verify");
}
