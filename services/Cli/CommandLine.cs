using System.CommandLine;
using System.CommandLine.Help;
using BoneMet.Cli.Backup;
using BoneMet.Cli.Bench;
using BoneMet.Cli.Broker;
using BoneMet.Cli.Cases;
using BoneMet.Cli.Cohort;
using BoneMet.Cli.Demo;
using BoneMet.Cli.Dicom;
using BoneMet.Cli.Doctor;
using BoneMet.Cli.Images;
using BoneMet.Cli.Models;
using BoneMet.Cli.Platform;
using BoneMet.Cli.Training;

namespace BoneMet.Cli;

/// <summary>`bonemet`: what sites, data managers and operators type.</summary>
internal static class CommandLine
{
    private const int UserFault = 2;
    private const int Unexpected = 70;

    public static async Task<int> Run(string[] args)
    {
        var root = Create();
        var parsed = root.Parse(args is ["help", ..] ? args.Length > 1 ? [.. args[1..], "--help"] : ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            var error = parsed.Errors.FirstOrDefault(error => error.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? parsed.Errors[0];
            var command = parsed.CommandResult.Command == root ? "" : $"{parsed.CommandResult.Command.Name} ";
            Console.Error.WriteLine($"bonemet: {string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))} (`bonemet {command}--help` tells more)");
            return UserFault;
        }
        try { return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }); }
        catch (CliFailure failure)
        {
            Console.Error.WriteLine($"bonemet: {failure.Message}");
            return UserFault;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("bonemet: cancelled");
            return 130;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"bonemet: {fault.Message}");
            return UserFault;
        }
        catch (Exception fault) when (Environment.GetEnvironmentVariable("BONEMET_TRACE") is null)
        {
            Console.Error.WriteLine($"bonemet: this should not happen, please report it: {fault.GetType().Name}: {fault.Message} (BONEMET_TRACE=1 shows where)");
            return Unexpected;
        }
    }

    public static Command Create() => new(
        "bonemet",
        """
        BoneMetPlatform: bone-metastasis risk from images, pathology and clinical factors, as a nomogram that a clinician can defend.

        Start here:
          ./bonemet demo            one case from its images to a nomogram, on this machine, in one command
          ./bonemet up              the whole platform in one process, with a data folder that lasts
          ./bonemet cluster         every service as its own process over RabbitMQ
          ./bonemet test            all tests; installs what they need
          ./bonemet doctor          what this machine has and lacks, with the fix for each
        """)
    {
        new HelpOption(),
        new VersionOption(),
        DemoCommand.Create(),
        UpCommand.Create(),
        ClusterCommand.Create(),
        SiteCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        ImagesCommand.Create(),
        BundleCommand.Create(),
        BrokerCommands.Create(),
        DoctorCommand.Create(),
        ModelCommands.Create(),
        CaseCommands.Create(),
        CohortCommands.Create(),
        DicomCommands.Create(),
        TrainCommands.Create(),
        EncoderCommands.Create(),
        BenchCommand.Create(),
    };
}
