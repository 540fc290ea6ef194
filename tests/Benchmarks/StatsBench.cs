using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BoneMet.Statistics.Discrimination;
using BoneMet.Statistics.Regression;
using BoneMet.Statistics.Validation;

namespace BoneMet.Benchmarks;

/// <summary>Times the statistics library against R on the same cohort in the same run; process start, reading and warming up are excluded on both sides.</summary>
internal static class StatsBench
{
    private static readonly string[] Numeric = ["age", "ldh", "alp"];
    private static readonly string[] Factors = ["sex", "histology", "grade", "t_stage", "n_stage"];

    /// <summary>usage: stats BENCH_FOLDER (with cohort_gen.py and stats_reference.R) [--no-r]</summary>
    public static int Run(string[] args)
    {
        var folder = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? Path.Combine("..", "shared", "bench");
        if (!File.Exists(Path.Combine(folder, "cohort_gen.py"))) { Console.Error.WriteLine($"bench stats: {folder} has no cohort_gen.py; give the folder of the R reference."); return 2; }
        var scratch = Directory.CreateTempSubdirectory("bonemet-stats-").FullName;
        try
        {
            var csv = Path.Combine(scratch, "cohort.csv");
            Execute("python3", Path.Combine(folder, "cohort_gen.py"), csv);
            var peer = new Dictionary<string, (double Wall, double Cpu)>();
            if (!args.Contains("--no-r"))
            {
                var json = Path.Combine(scratch, "r.json");
                Execute("Rscript", "--vanilla", Path.Combine(folder, "stats_reference.R"), csv, json, "5", "200", "1");
                foreach (var time in JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("times").EnumerateObject()) { peer[time.Name] = (time.Value.GetProperty("median_s").GetDouble(), time.Value.GetProperty("cpu_s").GetDouble()); }
            }
            Measure(csv, peer);
            CohortBench.Survival(csv, peer.ToDictionary(time => time.Key, time => time.Value.Wall));
            return 0;
        }
        finally { Directory.Delete(scratch, recursive: true); }
    }

    private static void Measure(string csv, Dictionary<string, (double Wall, double Cpu)> peer)
    {
        var (columns, codes, levels, y) = Read(csv);
        DesignMatrix Design() => Build(columns, codes, levels, y.Length);
        var design = Design();
        var options = new LogisticOptions { Threads = 0 };
        var fit = LogisticRegression.Fit(design, y, options).Require();
        Console.WriteLine($"n={y.Length} columns={design.Columns} threads={Environment.ProcessorCount}");
        var single = Time(15, () => LogisticRegression.Fit(Design(), y).Require());
        Report("logistic fit, 1 thread", single, peer);
        Report("logistic fit (design + fit)", Time(31, () => LogisticRegression.Fit(Design(), y, options).Require()), peer, ("glm_multivariable", 10), ("lrm", 5));
        var probabilities = fit.Probabilities;
        Report("AUC + DeLong", Time(31, () => Roc.Of(probabilities, y).Interval()), peer, ("roc+roc_ci_delong", 3));
        Report("LASSO path, 100 penalties", Time(5, () => ElasticNet.Path(design, y, new ElasticNetOptions { Threads = 0 })), peer, ("glmnet_path_100", 2));
        Report("validate B=200", Time(3, () => Bootstrap.Validate(fit)), peer, ("validate_boot", 20));
        Report("calibrate B=200", Time(3, () => Bootstrap.Calibrate(fit)), peer, ("calibrate_boot", 20));
        if (Environment.ProcessorCount > 1)
        {
            var one = Time(2, () => Bootstrap.Validate(fit, new ResamplingOptions { Threads = 1 }));
            var two = Time(2, () => Bootstrap.Validate(fit, new ResamplingOptions { Threads = 2 }));
            Console.WriteLine($"validate: 1 thread {one.Wall * 1e3:F0} ms, 2 threads {two.Wall * 1e3:F0} ms, ratio {one.Wall / two.Wall:F2} (goal 1.7)");
        }
        Console.WriteLine($"peak memory so far {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:F0} MiB");
        foreach (var times in new[] { 4, 20 })
        {
            var many = Repeat(columns, codes, times);
            var manyY = Enumerable.Range(0, times).SelectMany(_ => y).ToArray();
            var seconds = Time(3, () => LogisticRegression.Fit(Build(many.Columns, many.Codes, levels, manyY.Length), manyY).Require());
            Console.WriteLine($"logistic fit of {manyY.Length:N0} rows, 1 thread: {seconds.Wall * 1e3:F1} ms (CPU {seconds.Cpu * 1e3:F1} ms), CPU {seconds.Cpu / single.Cpu / times:F2} of proportional");
        }
        Console.WriteLine($"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:F0} MiB");
    }

    private static void Report(string name, (double Wall, double Cpu) time, Dictionary<string, (double Wall, double Cpu)> peer, params (string Name, double Goal)[] goals)
    {
        Console.WriteLine($"{name}: {time.Wall * 1e3:F2} ms, CPU {time.Cpu * 1e3:F2} ms");
        foreach (var goal in goals)
        {
            var parts = goal.Name.Split('+');
            if (!parts.All(peer.ContainsKey)) { continue; }
            double wall = parts.Sum(part => peer[part].Wall), cpu = parts.Sum(part => peer[part].Cpu);
            Console.WriteLine($"  R {goal.Name}: {wall * 1e3:F1} ms, CPU {cpu * 1e3:F1} ms: {wall / time.Wall:F1} x in time, {cpu / time.Cpu:F1} x in CPU (goal {goal.Goal})");
        }
    }

    /// <summary>Median wall and CPU seconds of so many runs after some to warm up.</summary>
    private static (double Wall, double Cpu) Time<T>(int runs, Func<T> work)
    {
        for (var i = 0; i < (runs > 5 ? 20 : 1); i++) { GC.KeepAlive(work()); }
        var wall = new double[runs];
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < runs; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            GC.KeepAlive(work());
            wall[i] = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before).TotalSeconds / runs;
        Array.Sort(wall);
        return (wall[runs / 2], cpu);
    }

    private static DesignMatrix Build(Dictionary<string, double[]> columns, Dictionary<string, int[]> codes, Dictionary<string, string[]> levels, int rows)
    {
        var builder = new DesignBuilder(rows);
        foreach (var name in Numeric) { builder.Numeric(name, columns[name]); }
        foreach (var name in Factors) { builder.Factor(name, codes[name], levels[name]); }
        return builder.Build();
    }

    private static (Dictionary<string, double[]> Columns, Dictionary<string, int[]> Codes) Repeat(Dictionary<string, double[]> columns, Dictionary<string, int[]> codes, int times) =>
        (columns.ToDictionary(c => c.Key, c => Enumerable.Range(0, times).SelectMany(_ => c.Value).ToArray()), codes.ToDictionary(c => c.Key, c => Enumerable.Range(0, times).SelectMany(_ => c.Value).ToArray()));

    private static (Dictionary<string, double[]> Columns, Dictionary<string, int[]> Codes, Dictionary<string, string[]> Levels, double[] Outcome) Read(string csv)
    {
        var lines = File.ReadAllLines(csv);
        var names = lines[0].Split(',');
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToArray();
        string[] Cells(string name) { var j = Array.IndexOf(names, name); return [.. rows.Select(row => row[j])]; }
        var columns = Numeric.ToDictionary(name => name, name => Cells(name).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
        var levels = Factors.ToDictionary(name => name, name => Cells(name).Distinct().Order(StringComparer.Ordinal).ToArray());
        var codes = Factors.ToDictionary(name => name, name => Cells(name).Select(cell => Array.IndexOf(levels[name], cell)).ToArray());
        return (columns, codes, levels, [.. Cells("event").Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]);
    }

    private static void Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException($"{program} does not start.");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) { throw new InvalidOperationException($"{program} ended with {process.ExitCode}."); }
    }
}
