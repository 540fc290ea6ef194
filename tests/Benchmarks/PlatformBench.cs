using System.Diagnostics;
using System.Text;
using BoneMet.Cli.Demo;
using BoneMet.Cli.Platform;
using BoneMet.RiskModels;

namespace BoneMet.Benchmarks;

/// <summary>`bench predict`, `bench case`, `bench start`: the figures of the platform as a whole.</summary>
internal static class PlatformBench
{
    private const string Body = """
        {"cancerType":"lung","histology":"adenocarcinoma","factors":[
        {"name":"age","value":63,"unit":"years"},{"name":"sex","value":"male"},{"name":"tumour-size","value":34,"unit":"mm"},
        {"name":"other-metastatic-sites","value":1}]}
        """;

    /// <summary>Requests per second and latency of POST /predict over loopback, the load on the same two cores; "--splines": with a published model of 30 factors, 20 of them splines.</summary>
    public static async Task<int> Predict(string[] args)
    {
        var splines = args.Contains("--splines");
        var seconds = args.FirstOrDefault(arg => arg != "--splines") is { } given ? double.Parse(given) : 10;
        const int connections = 16;
        await using var platform = await Start();
        if (splines) { await Publish(platform, RiskBench.Model()); }
        var request = LoadConnection.Request("POST", platform.Url, "/api/v1/predict", platform.Key!, splines ? RiskBench.Request() : Body);
        await Drive(platform.Url, request, connections, 8);
        var latencies = await Drive(platform.Url, request, connections, seconds);
        latencies.Sort();
        Console.WriteLine($"predict{(splines ? " (30 factors, 20 splines)" : "")}: {latencies.Count / seconds:0} requests/s, {connections} connections, median {Milliseconds(latencies, 0.5)} ms, p99 {Milliseconds(latencies, 0.99)} ms, {latencies.Count} answers, load {Load()}");
        return 0;
    }

    /// <summary>Time of a whole case with three strands, less decoding, inference and drawing.</summary>
    public static async Task<int> Case(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0]) : 20;
        await using var platform = await Start();
        var scratch = Directory.CreateTempSubdirectory("bonemet-bench-").FullName;
        var input = DemoInput.Prepare(new DemoOptions { Without = new HashSet<string>() }, scratch);
        var whole = new List<double>();
        var work = new List<double>();
        using var client = new PlatformClient(platform.Url, platform.Key!);
        for (var i = 0; i < count + 3; i++)
        {
            var before = await WorkSeconds(platform.Url);
            var watch = Stopwatch.StartNew();
            var created = await client.CreateCase(input.Case, CancellationToken.None);
            await Task.WhenAll(client.UploadImages(created.Id, input.Images, null, CancellationToken.None), client.UploadSlide(created.Id, input.Slide!, CancellationToken.None));
            while (!(await client.GetCase(created.Id, CancellationToken.None)).Settled) { await Task.Delay(2); }
            var elapsed = watch.Elapsed.TotalSeconds;
            if (i < 3) { continue; }
            whole.Add(elapsed * 1000);
            work.Add((await WorkSeconds(platform.Url) - before) * 1000);
        }
        var overhead = whole.Zip(work, (all, part) => Math.Max(0, all - part)).Order().ToList();
        whole.Sort();
        work.Sort();
        Console.WriteLine($"case: median {whole[count / 2]:0} ms in all, {work[count / 2]:0} ms of it decoding, inference and drawing (summed over cores), overhead {overhead[count / 2]:0} ms median, {overhead[(int)(count * 0.9)]:0} ms p90, {count} cases, load {Load()}");
        Directory.Delete(scratch, recursive: true);
        return 0;
    }

    /// <summary>Time from the start of the process to ready, and memory when idle.</summary>
    public static async Task<int> StartUp(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0]) : 5;
        var times = new List<double>();
        var memory = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var platform = await Start();
            times.Add(watch.Elapsed.TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(8));
            memory.Add(ResidentMegabytes(platform.Process.Id));
        }
        times.Sort();
        memory.Sort();
        Console.WriteLine($"start: ready after {times[count / 2]:0.00} s median ({times[0]:0.00} to {times[^1]:0.00}), idle {memory[count / 2]:0} MB median, {count} starts, load {Load()}");
        return 0;
    }

    private static async Task Publish(LocalPlatform platform, RiskModel model)
    {
        using var http = new HttpClient { BaseAddress = platform.Url, DefaultRequestHeaders = { Authorization = new("Bearer", platform.Key) } };
        using var body = new StringContent(ModelFile.Save(ModelSigning.Sign(model, ModelSigning.NewKey())), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/v1/models", body);
        if (!answer.IsSuccessStatusCode) { throw new InvalidOperationException(await answer.Content.ReadAsStringAsync()); }
    }

    private static Task<LocalPlatform> Start() =>
        LocalPlatform.Start(Directory.CreateTempSubdirectory("bonemet-bench-").FullName, null, CancellationToken.None);

    private static async Task<List<long>> Drive(Uri url, byte[] request, int connections, double seconds)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await LoadConnection.Open(url);
            var times = new List<long>(100_000);
            for (var at = Stopwatch.GetTimestamp(); at < end;)
            {
                var status = await connection.Exchange(request);
                if (status != 200) { throw new InvalidOperationException($"The platform answered {status}."); }
                var now = Stopwatch.GetTimestamp();
                times.Add(now - at);
                at = now;
            }
            return times;
        })));
        return [.. all.SelectMany(times => times)];
    }

    /// <summary>Seconds of real work so far, from the platform's own metrics.</summary>
    private static async Task<double> WorkSeconds(Uri url)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(url, "/metrics"));
        return text.Split('\n').Where(line => line.StartsWith("bonemet_work_duration_seconds_sum", StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[1]));
    }

    private static double ResidentMegabytes(int pid) =>
        double.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    private static string Milliseconds(List<long> sorted, double share) => $"{sorted[(int)((sorted.Count - 1) * share)] * 1000.0 / Stopwatch.Frequency:0.00}";

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
