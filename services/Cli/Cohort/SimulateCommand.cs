using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Studies;
using BoneMet.RiskModels;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Cohort;

/// <summary><c>bonemet cohort simulate --from MODEL.json --n 50000 --seed S</c>: a synthetic cohort whose truth is a model.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var from = new Option<string[]>("--from") { Description = "Risk model documents, or ids of built-in models; several make a cohort of several cancers", AllowMultipleArgumentsPerToken = true };
        var n = new Option<int>("--n") { Description = "Patients", DefaultValueFactory = _ => 50_000 };
        var seed = new Option<long>("--seed") { Description = "Seed", DefaultValueFactory = _ => 1 };
        var prevalence = new Option<double?>("--prevalence") { Description = "Mean risk of each cancer, instead of the models' intercepts" };
        var missing = new Option<double>("--missing") { Description = "Share of cells left empty", DefaultValueFactory = _ => 0 };
        var sites = new Option<int>("--sites") { Description = "Number of sites", DefaultValueFactory = _ => 4 };
        var deviation = new Option<double>("--site-sd") { Description = "Standard deviation of the sites' shift of the logit", DefaultValueFactory = _ => 0.2 };
        var output = new Option<string>("--out") { Description = "CSV file, or '-' for standard output", DefaultValueFactory = _ => "-" };
        var truth = new Option<string?>("--truth") { Description = "Write the true effects as JSON" };
        var command = new Command("simulate", "A synthetic multi-site, multi-cancer cohort with known truth") { from, n, seed, prevalence, missing, sites, deviation, output, truth };
        command.SetAction((parse, cancellation) => CohortConsole.Run(async () =>
        {
            var names = parse.GetValue(from) ?? [];
            if (names.Length == 0) { throw new StudyException("Say from which model the cohort is drawn: --from MODEL.json, or the id of a built-in model."); }
            if (parse.GetValue(sites) is < 1 or > 1000) { throw new StudyException("--sites is between 1 and 1000."); }
            if (parse.GetValue(n) is < 1 or > 10_000_000) { throw new StudyException("--n is between 1 and 10,000,000."); }
            if (!(parse.GetValue(missing) is >= 0 and < 1)) { throw new StudyException("--missing is a share from 0 to below 1."); }
            if (!(parse.GetValue(deviation) is >= 0 and <= 10)) { throw new StudyException("--site-sd is between 0 and 10."); }
            CohortConsole.RequireFolder(parse.GetValue(output));
            CohortConsole.RequireFolder(parse.GetValue(truth));
            var models = names.SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(Load).ToArray();
            var plan = ModelSimulation.Plan(models, parse.GetValue(prevalence)) with
            {
                Sites = [.. Enumerable.Range(1, parse.GetValue(sites)).Select(i => $"Site {i:D2}")], SiteDeviation = parse.GetValue(deviation), MissingShare = parse.GetValue(missing),
            };
            var progress = new ConsoleProgress("simulate");
            var cohort = CohortSimulator.Draw(plan, parse.GetValue(n), parse.GetValue(seed), progress, cancellation);
            progress.Done();
            var target = parse.GetValue(output)!;
            await using (var writer = target == "-" ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) : new StreamWriter(target, false, new UTF8Encoding(false))) { TableWriter.Write(cohort.Table, writer, cancellation); }
            if (parse.GetValue(truth) is { } file) { await File.WriteAllTextAsync(file, Truth(plan, cohort, models, parse.GetValue(seed)).ToJsonString(new() { WriteIndented = true }) + "\n", cancellation); }
            await Console.Error.WriteLineAsync($"synthetic cohort of {cohort.Table.Rows} patients, {((NumericColumn)cohort.Table[plan.Outcome]).Values.Sum()} with the event; no real patient is in it");
            return 0;
        }));
        return command;
    }

    private static RiskModel Load(string name)
    {
        if (ModelLibrary.BuiltIn.Find(name) is { } known) { return known.Model; }
        if (!File.Exists(name)) { throw new StudyException($"There is no file and no built-in model '{name}'."); }
        var load = ModelFile.Load(File.ReadAllBytes(name));
        return load.Model ?? throw new StudyException($"{name} is not a risk model: {load.Faults[0]}.");
    }

    private static JsonObject Truth(SimulationPlan plan, SimulatedCohort cohort, RiskModel[] models, long seed) => new()
    {
        ["synthetic"] = true, ["seed"] = seed, ["n"] = cohort.Table.Rows, ["outcome"] = plan.Outcome, ["hazard_per_logit"] = plan.HazardPerLogit,
        ["sites"] = new JsonObject(plan.Sites.Zip(cohort.SiteEffects, (name, effect) => KeyValuePair.Create(name, (JsonNode?)effect))),
        ["cancers"] = new JsonArray([.. plan.Cancers.Select((cancer, i) => (JsonNode)new JsonObject
        {
            ["name"] = cancer.Name, ["model"] = $"{models[i].Id} {models[i].Version}", ["intercept"] = cohort.Intercepts[i],
            ["effects"] = new JsonObject(cancer.Factors.Select(f => KeyValuePair.Create(f.Name, f.Levels is null ? (JsonNode?)f.Slope : new JsonObject(f.Levels.Zip(f.Effects!, (level, effect) => KeyValuePair.Create(level, (JsonNode?)effect)))))),
        })]),
    };
}
