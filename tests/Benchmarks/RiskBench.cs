using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BoneMet.RiskModels;

namespace BoneMet.Benchmarks;

/// <summary>Prediction and batch scoring with a model of 30 factors, 20 of them splines; R's predict on the same model and rows beside it when Rscript is there.</summary>
internal static class RiskBench
{
    private const int Factors = 30;
    private const int Splines = 20;
    private const int Rows = 50_000;

    public static int Run(string[] args)
    {
        var model = new CompiledModel(Model());
        var patients = Enumerable.Range(0, 512).Select(Patient).ToList();
        var warm = patients.Sum(p => Predictor.Predict(model, p).ToJson().Length);
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (watch.ElapsedMilliseconds < 2000)
        {
            foreach (var patient in patients) { warm += Predictor.Predict(model, patient).ToJson().Length; }
            count += patients.Count;
        }
        var each = watch.Elapsed.TotalMicroseconds / count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"predict + JSON, {Factors} factors ({Splines} splines): {each:0.0} µs each, {1e6 / each:0} per second on one core ({warm % 10})"));

        var csv = Csv();
        BatchScorer.Score(model, new StringReader(csv), TextWriter.Null);
        var best = double.PositiveInfinity;
        for (var i = 0; i < 3; i++)
        {
            watch.Restart();
            using var output = new StringWriter();
            var summary = BatchScorer.Score(model, new StringReader(csv), output);
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            if (summary.Scored != Rows) { throw new InvalidOperationException($"{summary.WithProblems} rows were not scored."); }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batch, {Rows} rows of CSV in and out: {best:0} ms on {Environment.ProcessorCount} cores"));
        if (args is ["--r", ..] && InR(csv) is { } r) { Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"R, read.csv + predict(lrm) + write.csv of the same rows: {r:0} ms; ratio {r / best:0.0}")); }
        return 0;
    }

    /// <summary>A patient of the model as a body of POST /predict.</summary>
    public static string Request() => JsonSerializer.Serialize(new
    {
        model = "bench",
        factors = Patient(1).Select(factor => factor.Number is { } number ? (object)new { name = factor.Name, value = number } : new { name = factor.Name, value = factor.Level }),
    });

    public static RiskModel Model()
    {
        var terms = new List<ModelTerm>();
        for (var i = 0; i < Factors; i++)
        {
            terms.Add(i < Splines
                ? new SplineTerm { Factor = $"x{i}", Knots = [-1.6, -0.5, 0.1, 0.6, 1.7], Coefficients = [.. Enumerable.Range(0, 4).Select(j => new Coefficient { Beta = 0.05 * (j - 1.5), StandardError = 0.02 })], Low = -4, High = 4 }
                : new CategoricalTerm
                {
                    Factor = $"x{i}",
                    Levels = [.. Enumerable.Range(0, 4).Select(j => new TermLevel { Level = $"l{j}", IsReference = j == 0, Coefficient = j == 0 ? Coefficient.Reference : new() { Beta = 0.1 * j, StandardError = 0.05 } })],
                });
        }
        return new()
        {
            Id = "bench",
            Version = "1.0.0",
            Title = "Bench",
            CancerType = "other",
            Family = ModelFamily.Logistic,
            Outcome = ModelOutcome.SynchronousBoneMetastasis,
            UsedAt = FactorTime.Staging,
            Intercept = new() { Origin = ModelIntercept.Fitted, Value = -2 },
            Terms = terms,
            Cohort = new() { Description = "none" },
            Evidence = new() { Citation = "none", Complete = true },
            IntendedUse = "a benchmark",
            NotFor = "anything else",
        };
    }

    private static double Value(int row, int factor) => Math.Round(3.9 * Math.Sin((row * 0.37) + (factor * 1.7)), 4);

    private static List<CodedFactor> Patient(int row) => [.. Enumerable.Range(0, Factors).Select(i => i < Splines
        ? new CodedFactor { Name = $"x{i}", Number = Value(row, i) }
        : new CodedFactor { Name = $"x{i}", Level = $"l{(row + i) % 4}" })];

    private static string Csv()
    {
        var text = new StringBuilder("id");
        for (var i = 0; i < Factors; i++) { text.Append(CultureInfo.InvariantCulture, $",x{i}"); }
        text.Append('\n');
        for (var row = 0; row < Rows; row++)
        {
            text.Append(row);
            for (var i = 0; i < Factors; i++)
            {
                if (i < Splines) { text.Append(CultureInfo.InvariantCulture, $",{Value(row, i)}"); }
                else { text.Append(CultureInfo.InvariantCulture, $",l{(row + i) % 4}"); }
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    // The fit in R has the same terms; only reading, predicting and writing are timed.
    private static double? InR(string csv)
    {
        var folder = Directory.CreateTempSubdirectory("bonemet-bench-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "rows.csv"), csv);
            var formula = string.Join(" + ", Enumerable.Range(0, Factors).Select(i => i < Splines ? $"rcs(x{i}, c(-1.6, -0.5, 0.1, 0.6, 1.7))" : $"x{i}"));
            File.WriteAllText(Path.Combine(folder, "bench.R"), $$"""
                suppressMessages(library(rms)); set.seed(1); n <- 3000
                d <- as.data.frame(c(setNames(lapply(0:{{Splines - 1}}, function(i) rnorm(n)), paste0("x", 0:{{Splines - 1}})), setNames(lapply({{Splines}}:{{Factors - 1}}, function(i) factor(sample(paste0("l", 0:3), n, TRUE))), paste0("x", {{Splines}}:{{Factors - 1}}))))
                d$y <- rbinom(n, 1, .3); f <- lrm(y ~ {{formula}}, data = d)
                t <- system.time({ r <- read.csv("rows.csv", stringsAsFactors = TRUE); p <- predict(f, r, se.fit = TRUE); write.csv(data.frame(id = r$id, p = plogis(p$linear.predictors), low = plogis(p$linear.predictors - 1.96 * p$se.fit), high = plogis(p$linear.predictors + 1.96 * p$se.fit)), "out.csv", row.names = FALSE) })
                cat(t[["elapsed"]] * 1000, "\n")
                """);
            using var r = Process.Start(new ProcessStartInfo("Rscript", "bench.R") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true });
            if (r is null) { return null; }
            r.ErrorDataReceived += static (_, _) => { };
            r.BeginErrorReadLine();
            var text = r.StandardOutput.ReadToEnd();
            r.WaitForExit();
            return r.ExitCode == 0 ? double.Parse(text.Trim(), CultureInfo.InvariantCulture) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
