using System.CommandLine;

namespace BoneMet.Cli.Models;

internal static class ModelCommands
{
    public static Command Create() => new("model", "List, check, draw and apply risk models")
    {
        ListModels.Create(),
        ShowModel.Create(),
        ValidateModel.Create(),
        PredictModel.Create(),
        ScoreModel.Create(),
        DrawModel.Create(),
        SignModel.Create(),
        PublishModel.Create(),
        VersionsModel.List(),
        VersionsModel.Set(),
        ImportModel.Create(),
        RecalibrateModel.Create(),
        WorklistModel.Create(),
    };
}
