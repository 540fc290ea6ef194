using System.Diagnostics;
using System.Globalization;
using System.Text;
using BoneMet.Statistics.Simulation;
using BoneMet.Statistics.Survival;
using BoneMet.Statistics.Tables;

namespace BoneMet.Benchmarks;

/// <summary>Survival against R in the run of <see cref="StatsBench"/>; reading a large table by itself.</summary>
internal static class CohortBench
{
    private const int Runs = 9;

    /// <summary>usage: cohort [ROWS=1000000] [COLUMNS=50]</summary>
    public static int Run(string[] args)
    {
        var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var columns = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        var path = Path.GetTempFileName();
        try
        {
            Generate(path, rows, columns);
            var clock = Stopwatch.GetTimestamp();
            var loaded = TableReader.Read(path);
            var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
            Console.WriteLine(FormattableString.Invariant($"read {loaded.Table.Rows:N0} x {loaded.Table.Columns.Count} ({new FileInfo(path).Length / 1048576.0:F0} MiB): {seconds:F1} s, peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:F0} MiB (goal 1024)"));
            return 0;
        }
        finally { File.Delete(path); }
    }

    /// <summary>Cox, Kaplan–Meier and log-rank on the cohort, beside R's times.</summary>
    public static void Survival(string csv, IReadOnlyDictionary<string, double> peer)
    {
        var table = TableReader.Read(csv).Table;
        double[] Number(string name) => ((NumericColumn)table[name]).Values;
        var names = new List<string>();
        var columns = new List<double[]>();
        foreach (var name in (string[])["age", "ldh", "alp"]) { names.Add(name); columns.Add(Number(name)); }
        foreach (var name in (string[])["sex", "histology", "grade", "t_stage", "n_stage"])
        {
            var factor = (CategoricalColumn)table[name];
            for (var level = 1; level < factor.Levels.Length; level++)
            {
                names.Add(name + factor.Levels[level]);
                columns.Add([.. factor.Codes.Select(code => code == level ? 1.0 : 0)]);
            }
        }
        var time = Number("time");
        int[] status = [.. Number("status").Select(s => (int)s)];
        var stage = ((CategoricalColumn)table["t_stage"]).Codes;
        var data = new CoxData { Time = time, Status = status, Columns = columns, Names = names };
        Report("Cox regression (with concordance and its error)", () => CoxRegression.Fit(data), peer, "coxph", 5);
        Report("Kaplan-Meier, 4 groups", () => Enumerable.Range(0, 4).Select(g => KaplanMeier.Fit([.. time.Where((_, i) => stage[i] == g)], [.. status.Where((_, i) => stage[i] == g)])).ToArray(), peer, "kaplan_meier", 1);
        Report("log-rank, 4 groups", () => LogRank.Test(time, status, stage, 4), peer, "logrank", 1);
    }

    private static void Report<T>(string name, Func<T> work, IReadOnlyDictionary<string, double> peer, string theirs, double goal)
    {
        for (var i = 0; i < 3; i++) { GC.KeepAlive(work()); }
        var seconds = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            GC.KeepAlive(work());
            seconds[i] = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        }
        Array.Sort(seconds);
        var median = seconds[Runs / 2];
        Console.WriteLine(FormattableString.Invariant($"{name}: {median * 1e3:F2} ms"));
        if (peer.TryGetValue(theirs, out var other)) { Console.WriteLine(FormattableString.Invariant($"  R {theirs}: {other * 1e3:F1} ms, {other / median:F1} x (goal {goal})")); }
    }

    private static void Generate(string path, int rows, int columns)
    {
        using var writer = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        writer.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(j => $"c{j}")));
        var random = new RandomStream(1);
        var line = new StringBuilder();
        for (var i = 0; i < rows; i++)
        {
            line.Clear();
            for (var j = 0; j < columns; j++)
            {
                if (j > 0) { line.Append(','); }
                if (j % 5 == 4) { line.Append("level ").Append(random.Below(9)); } else { line.Append(CultureInfo.InvariantCulture, $"{100 * random.Uniform():F3}"); }
            }
            writer.WriteLine(line);
        }
    }
}
