using System.CommandLine;

namespace BoneMet.Cli.Dicom;

internal static class DicomCommands
{
    public static Command Create() => new("dicom", "Read, check, de-identify and send DICOM")
    {
        DumpCommand.Create(),
        PixelsCommand.Create(),
        VolumeCommand.Create(),
        DirectoryCommand.Create(),
        DeidentifyCommand.Create(),
        NetworkCommands.Echo(),
        NetworkCommands.Send(),
        NetworkCommands.Find(),
        NetworkCommands.Get(),
        NetworkCommands.Move(),
    };
}
