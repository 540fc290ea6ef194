using System.CommandLine;
using BoneMet.Cli.Cohort;
using BoneMet.Cli.Dicom;
using BoneMet.Cli.Models;
using BoneMet.Cli.Training;

var root = new RootCommand("BoneMetPlatform: bone-metastasis risk from images, pathology and clinical factors")
{
    DicomCommands.Create(),
    CohortCommands.Create(),
    ModelCommands.Create(),
    TrainCommands.Create(),
    EncoderCommands.Create(),
};
return await root.Parse(args).InvokeAsync();
