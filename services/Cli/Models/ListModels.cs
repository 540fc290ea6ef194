using System.CommandLine;
using System.Text.Json.Nodes;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class ListModels
{
    public static Command Create()
    {
        var cancer = new Option<string?>("--cancer") { Description = "Only models of this cancer type" };
        var json = new Option<bool>("--json") { Description = "One JSON array" };
        var command = new Command("list", "The models at hand, built in and published") { cancer, json };
        command.SetAction(parse => ModelConsole.Run(() => List(parse.GetValue(cancer), parse.GetValue(json))));
        return command;
    }

    private static int List(string? cancer, bool json)
    {
        string? type = null;
        if (cancer is not null) { type = FactorDictionary.Level("cancer-type", cancer) ?? throw new ModelCommandException($"'{cancer}' is not a cancer type of the dictionary"); }
        var models = ModelConsole.Library().All.Where(m => type is null || m.Model.CancerType == type || m.Model.CancerType == "any").ToList();
        if (json)
        {
            Console.WriteLine(new JsonArray([.. models.Select(m => (JsonNode)new JsonObject
            {
                ["id"] = m.Model.Id, ["version"] = m.Model.Version, ["title"] = m.Model.Title.En, ["cancerType"] = m.Model.CancerType, ["family"] = m.Model.Family.ToString().ToLowerInvariant(),
                ["outcome"] = PredictionText.Outcome(m.Model.Outcome).En, ["complete"] = m.Model.Evidence.Complete, ["givesProbability"] = m.Model.GivesProbability, ["sha256"] = m.Sha256,
            })]).ToJsonString());
            return 0;
        }
        var width = models.Count == 0 ? 0 : models.Max(m => m.Model.Id.Length);
        foreach (var model in models)
        {
            var source = model.Model;
            var answer = source.Family == ModelFamily.Rule ? "rule" : source.GivesProbability ? "probability" : "odds ratio only";
            Console.WriteLine($"{source.Id.PadRight(width)}  {source.Version,-7} {source.CancerType,-12} {answer,-16} {source.Title.En}");
        }
        return 0;
    }
}
