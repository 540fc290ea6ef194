using System.CommandLine;
using System.Globalization;
using System.Text;
using BoneMet.RiskModels;

namespace BoneMet.Cli.Models;

internal static class ImportModel
{
    public static Command Create()
    {
        var table = new Option<string>("--table") { Description = "CSV: factor, level, or, low, high [, from, to, unit, without, with, share, note]", Required = true };
        var id = new Option<string>("--id") { Description = "Id of the new model, kebab case", Required = true };
        var cancer = new Option<string>("--cancer") { Description = "Cancer type", Required = true };
        var title = new Option<string?>("--title") { Description = "Title" };
        var citation = new Option<string>("--citation") { Description = "Where the table is printed", Required = true };
        var doi = new Option<string?>("--doi") { Description = "DOI" };
        var intercept = new Option<double?>("--intercept") { Description = "Published intercept" };
        var prevalence = new Option<double?>("--prevalence") { Description = "Published share with the event (0–1), to solve the intercept from the table's counts or shares" };
        var used = new Option<string>("--used-at") { Description = "diagnosis, staging, treatment or follow-up", DefaultValueFactory = _ => "staging" };
        var lacking = new Option<string[]>("--lacking") { Description = "Published factors that the table lacks", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Document to write", Required = true };
        var command = new Command("import", "Make a document of a published table of odds ratios") { table, id, cancer, title, citation, doi, intercept, prevalence, used, lacking, output };
        command.SetAction(parse => ModelConsole.Run(() =>
        {
            using var reader = new StreamReader(parse.GetValue(table)!, Encoding.UTF8);
            var (terms, faults) = OddsTable.Read(reader);
            foreach (var fault in faults) { Console.Error.WriteLine($"  {fault}"); }
            if (faults.Count > 0) { throw new ModelCommandException($"{parse.GetValue(table)} has {faults.Count} fault{(faults.Count == 1 ? "" : "s")}"); }
            var published = parse.GetValue(intercept);
            var share = parse.GetValue(prevalence);
            if (published is not null && share is not null) { throw new ModelCommandException("give the published intercept, or a prevalence to solve it from, not both"); }
            if (share is not null and not (> 0 and < 1)) { throw new ModelCommandException("--prevalence must lie between 0 and 1"); }
            var model = new RiskModel
            {
                Id = parse.GetValue(id)!,
                Version = "1.0.0",
                Title = parse.GetValue(title) ?? parse.GetValue(id)!,
                CancerType = FactorDictionary.Level("cancer-type", parse.GetValue(cancer)!) ?? parse.GetValue(cancer)!,
                Family = ModelFamily.Logistic,
                Outcome = ModelOutcome.SynchronousBoneMetastasis,
                UsedAt = parse.GetValue(used)!,
                Intercept = published is { } value ? new() { Origin = ModelIntercept.Published, Value = value } : new() { Origin = ModelIntercept.None, Note = "Not published." },
                Terms = terms,
                Cohort = new() { Description = "see the publication", Prevalence = share },
                Evidence = new() { Citation = parse.GetValue(citation)!, Doi = parse.GetValue(doi), Complete = published is not null && parse.GetValue(lacking) is not { Length: > 0 }, LackingFactors = parse.GetValue(lacking) ?? [] },
                IntendedUse = "Research use.",
                NotFor = "Not a diagnosis; not validated outside its cohort.",
                Lineage = new() { Method = "imported", Tool = "bonemet model import" },
            };
            if (share is { } prior)
            {
                if (InterceptSolver.Hindrance(model) is { } reason) { throw new ModelCommandException($"the intercept cannot be solved: {reason}"); }
                model = model with
                {
                    Intercept = new()
                    {
                        Origin = ModelIntercept.SolvedFromPrevalence,
                        Value = InterceptSolver.Solve(model, prior),
                        Prevalence = prior,
                        Note = "Solved so that the mean predicted risk over the table's distribution equals the prevalence; factors taken as independent.",
                    },
                };
            }
            var wrong = ModelChecks.Check(model);
            foreach (var fault in wrong) { Console.Error.WriteLine($"  {fault}"); }
            if (wrong.Count > 0) { throw new ModelCommandException($"the table gives a model with {wrong.Count} fault{(wrong.Count == 1 ? "" : "s")}"); }
            File.WriteAllText(parse.GetValue(output)!, ModelFile.Save(model));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.Id}: {terms.Count} terms, intercept {model.Intercept!.Origin}{(model.Intercept.Value is { } a ? $" {a:0.######}" : "")}, {parse.GetValue(output)}"));
            return 0;
        }));
        return command;
    }
}
