using System.CommandLine;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class ShowModel
{
    public static Command Create()
    {
        var id = new Argument<string>("model") { Description = "Id, id@version, or a file" };
        var command = new Command("show", "The document of a model") { id };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            var model = ModelConsole.Find(parse.GetValue(id)!);
            Console.Write(ModelFile.Save(model.Model));
            Console.Error.WriteLine($"sha256 {model.Sha256}, signature: {ModelSigning.Verify(model.Model).ToString().ToLowerInvariant()}");
            return 0;
        }));
        return command;
    }
}
