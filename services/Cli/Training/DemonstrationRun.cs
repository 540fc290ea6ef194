using BoneMet.Cohorts.Protocols;
using BoneMet.Cohorts.Publishing;
using BoneMet.Cohorts.Studies;
using BoneMet.Imaging.Synthetic;
using BoneMet.RiskModels;
using BoneMet.Statistics.Tables;

namespace BoneMet.Cli.Training;

/// <summary>
/// `bonemet train demonstration`: the whole synthetic demonstration from one seed. Encoders and fusion learn from three generated sites; the models are fitted by the cohort library on
/// the fourth, whose patients no encoder has seen. Killed and started again it goes on.
/// </summary>
internal static class DemonstrationRun
{
    private const int Patients = 4000;
    private const int Tiles = 12;
    private const ulong Seed = 1;
    private const string Outcome = "bone_metastasis";
    private const string Statement = "SYNTHETIC, for demonstration: fitted on generated patients with encoders that learned from generated images. It says nothing about any person.";

    /// <summary>A model for each set of strands that a case may have; the platform takes the one that fits.</summary>
    private static readonly (string Id, string Title, string[] Factors)[] Models =
    [
        ("synthetic-demonstration", "clinical factors, imaging and pathology", ["age", "alp", "imaging", "pathology"]),
        ("synthetic-demonstration-imaging", "clinical factors and imaging", ["age", "alp", "imaging"]),
        ("synthetic-demonstration-pathology", "clinical factors and pathology", ["age", "alp", "pathology"]),
        ("synthetic-demonstration-clinical", "clinical factors", ["age", "alp"]),
        ("synthetic-demonstration-labels", "imaging and pathology", ["imaging", "pathology"]),
        ("synthetic-demonstration-imaging-alone", "imaging", ["imaging"]),
        ("synthetic-demonstration-pathology-alone", "pathology", ["pathology"]),
    ];

    public static async Task<int> Make(DirectoryInfo target, CancellationToken cancellation)
    {
        var root = PythonJob.Root() ?? throw new TrainingFailure("The training job (services/ModelTraining) is not part of this installation.");
        DirectoryInfo Folder(string name) => new(Path.Combine(target.FullName, name));
        string Config(string name) => Path.Combine(root, "services", "ModelTraining", "configs", $"{name}-synthetic.json");
        var cases = Folder("cases");
        if (!File.Exists(Path.Combine(cases.FullName, "dataset.json")))
        {
            DatasetWriter.Write(new DatasetOptions { Patients = Patients, TilesPerSlide = Tiles, Seed = Seed, Out = cases }, done => { if (done % 500 == 0) { Console.Error.WriteLine($"{done} patients"); } });
        }
        var (imaging, pathology, fusion) = (Folder("imaging"), Folder("pathology"), Folder("fusion"));
        string[] Arguments(string name, string config, DirectoryInfo run) => [name, "--cases", cases.FullName, "--config", Config(config), "--out", run.FullName, "--device", "cpu"];
        var encoders = await Task.WhenAll(
            PythonJob.Run(Arguments("imaging", "lesion", imaging), cancellation), PythonJob.Run(Arguments("pathology", "tile", pathology), cancellation));
        if (encoders.FirstOrDefault(code => code != 0) is var failed and not 0) { return failed; }
        var fused = await PythonJob.Run([.. Arguments("fusion", "fusion", fusion), "--imaging", imaging.FullName, "--pathology", pathology.FullName], cancellation);
        if (fused != 0) { return fused; }
        foreach (var run in new[] { imaging, pathology, fusion })
        {
            Console.Error.WriteLine($"== {run.Name}");
            if (FinishedRun.Judge(run, force: false) is var judged and not 0) { return judged; }
        }
        Fit(imaging, pathology, Folder("models"));
        return 0;
    }

    /// <summary>Fits and writes the model group from the labels of the site that no encoder has seen.</summary>
    internal static void Fit(DirectoryInfo imaging, DirectoryInfo pathology, DirectoryInfo models)
    {
        models.Create();
        var cohort = Path.Combine(models.FullName, "cohort.csv");
        WriteCohort(imaging, pathology, cohort);
        var labels = new Dictionary<string, LabelSource> { ["imaging"] = Source(imaging), ["pathology"] = Source(pathology) };
        foreach (var (id, title, factors) in Models)
        {
            var protocol = new StudyProtocol { Kind = StudyKind.Validate, Outcome = Outcome, Event = "1", Factors = factors, Seed = 1, Bootstrap = 200 };
            protocol.Check();
            var loaded = TableReader.Read(cohort, new TableReaderOptions { StrictColumns = protocol.UsedColumns() });
            var document = ModelPublisher.Document(StudyRunner.Run(protocol, loaded), new PublicationDetails
            {
                Id = id, Title = $"SYNTHETIC demonstration: {title}", CancerType = SyntheticPatient.CancerType, Automatic = true, Statement = Statement,
                Cohort = $"generated patients of `bonemet train demonstration` (seed {Seed}, site S3), synthetic", Labels = labels.Where(label => factors.Contains(label.Key)).ToDictionary(),
            });
            File.WriteAllText(Path.Combine(models.FullName, $"{id}.json"), ModelFile.Save(document));
            Console.Error.WriteLine($"{id}: {document.Performance[0].Value:0.000}, SHA-256 {ModelFile.Sha256(document)}");
        }
    }

    private static LabelSource Source(DirectoryInfo run)
    {
        var package = EncoderPackageFile.In(run.FullName).Single();
        return new(package.Id, package.Sha256);
    }

    private static void WriteCohort(DirectoryInfo imaging, DirectoryInfo pathology, string path)
    {
        var (first, second) = (PredictionsTable.Of(imaging), PredictionsTable.Of(pathology));
        string[] Column(PredictionsTable table, string name) => table.Text(name, PredictionsTable.HeldOut);
        var columns = new List<string[]> { Column(first, "patient"), Column(first, "outcome") };
        columns.AddRange(first.Factors.Select(factor => Column(first, factor)));
        columns.AddRange([Column(first, "label"), Column(second, "label")]);
        if (!columns[0].SequenceEqual(Column(second, "patient"))) { throw new TrainingFailure("The two runs held out different patients; they belong to different training sets."); }
        using var table = new StreamWriter(path) { NewLine = "\n" };
        table.WriteLine(string.Join(',', [ "patient", Outcome, .. first.Factors.Select(PredictionsTable.FactorName), "imaging", "pathology" ]));
        for (var n = 0; n < columns[0].Length; n++) { table.WriteLine(string.Join(',', columns.Select(column => column[n]))); }
    }
}
