using System.CommandLine;

namespace BoneMet.Cli.Training;

/// <summary>`bonemet train …`: data with a known answer, and the training job.</summary>
internal static class TrainCommands
{
    public static Command Create()
    {
        var command = new Command("train", "Train an image encoder, or generate data with a known answer for it") { Generate(), Prepare(), Demonstration(), Report() };
        foreach (var job in PythonJob.Commands()) { command.Add(job); }
        return command;
    }

    private static Command Generate()
    {
        var patients = new Option<int>("--patients") { Description = "How many", DefaultValueFactory = _ => 3000 };
        var seed = new Option<ulong>("--seed") { Description = "Chooses all of them", DefaultValueFactory = _ => 1 };
        var tiles = new Option<int>("--tiles") { Description = "Tiles of each slide", DefaultValueFactory = _ => 6 };
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder to write", Required = true, HelpName = "DIR" };
        var command = new Command("generate", "Write a generated training set with planted, known log-odds (synthetic, no patient)") { patients, seed, tiles, folder };
        command.SetAction((parsed, _) => TrainingFailure.Guard(() =>
        {
            var options = new DatasetOptions
            {
                Patients = parsed.GetValue(patients), Seed = parsed.GetValue(seed), Out = parsed.GetValue(folder)!, TilesPerSlide = parsed.GetValue(tiles),
            };
            if (options.Patients is < 20 or > 1_000_000) { throw new TrainingFailure($"--patients {options.Patients}: between 20 and 1,000,000."); }
            if (options.TilesPerSlide is < 1 or > 1000) { throw new TrainingFailure($"--tiles {options.TilesPerSlide}: between 1 and 1000."); }
            if (options.Out.Exists && options.Out.EnumerateFileSystemInfos().Any()) { throw new TrainingFailure($"--out {options.Out}: the folder is not empty."); }
            DatasetWriter.Write(options, done =>
            {
                if (done % 250 == 0 || done == options.Patients) { Console.Error.WriteLine($"{done} of {options.Patients} patients"); }
            });
            Console.WriteLine(options.Out.FullName);
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Prepare()
    {
        var cases = new Option<FileInfo>("--cases") { Description = "CSV: patient,site,outcome,volume,mask (NRRD files)", Required = true, HelpName = "CSV" };
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder to write", Required = true, HelpName = "DIR" };
        var size = new Option<int>("--size") { Description = "Edge of the cubes: 64 (clinical contract, 1.5 mm) or 32 (demonstration, 3 mm)", DefaultValueFactory = _ => 64 };
        var command = new Command("prepare", "Prepare a training set of lesion cubes from your own volumes and masks, with the code that serving uses") { cases, folder, size };
        command.SetAction((parsed, _) => TrainingFailure.Guard(() =>
        {
            if (parsed.GetValue(size) is not (64 or 32)) { throw new TrainingFailure("--size: 64 or 32."); }
            var prepared = CasePreparation.Write(parsed.GetValue(cases)!, parsed.GetValue(folder)!, parsed.GetValue(size));
            Console.WriteLine($"{prepared} cases in {parsed.GetValue(folder)!.FullName}");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Demonstration()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder to write", Required = true, HelpName = "DIR" };
        var command = new Command("demonstration", "Make the synthetic demonstration again: generate, train both encoders and their fusion, fit the models (under an hour on two cores)") { folder };
        command.SetAction((parsed, cancellation) => TrainingFailure.Guard(() => DemonstrationRun.Make(parsed.GetValue(folder)!, cancellation)));
        return command;
    }

    private static Command Report()
    {
        var run = new Option<DirectoryInfo>("--run") { Description = "Folder of a training run", Required = true, HelpName = "DIR" };
        var command = new Command("report", "Discrimination (DeLong), calibration and net benefit of a run on its held-out site, with the clinical-only comparator") { run };
        command.SetAction((parsed, _) => TrainingFailure.Guard(() =>
        {
            Console.WriteLine(RunReport.Of(parsed.GetValue(run)!).Text);
            return Task.FromResult(0);
        }));
        return command;
    }
}
