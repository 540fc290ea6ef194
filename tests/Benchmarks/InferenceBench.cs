using System.Diagnostics;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Inference;
using Microsoft.ML.OnnxRuntime;

namespace BoneMet.Benchmarks;

/// <summary>`bonemet bench inference [seconds] [threads]`: the service's encoder against the bare ONNX Runtime loop, in turns, in one run.</summary>
internal static class InferenceBench
{
    private const int Rounds = 5;
    private const int Clients = 32;

    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0]) : 1.0;
        var threads = args.Length > 1 ? int.Parse(args[1]) : 1;
        var catalogue = EncoderCatalogue.Load([Path.Combine(AppContext.BaseDirectory, "Encoders")], CardTrust.ShippedOnly);
        Console.WriteLine($"{threads} thread(s), {Rounds} rounds of {seconds} s each, in turns; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        foreach (var (id, batch) in new[] { ("tile-untrained", 1), ("tile-untrained", 16), ("lesion-untrained", 1), ("lesion-untrained", 4) })
        {
            var package = catalogue.Find(id) ?? throw new InvalidOperationException($"{id} is not here");
            Throughput(package, batch, threads, seconds);
        }
        Clients32(catalogue.Find("tile-untrained")!, threads, seconds).GetAwaiter().GetResult();
        Console.WriteLine($"peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
        return 0;
    }

    private static void Throughput(EncoderPackage package, int batch, int threads, double seconds)
    {
        var options = new InferenceOptions { Threads = threads, TileBatch = 16, VolumeBatch = 4 };
        using var session = EncoderSession.Open(package, options);
        using var bare = new BareLoop(package, batch, threads);
        var embeddings = new float[batch * package.Card.Output.Embedding];
        Action ours = package.Card.Input.Kind == EncoderInput.Volume
            ? () => session.Encode<float>(bare.Floats, batch, embeddings)
            : () => session.Encode<byte>(bare.Bytes, batch, embeddings);
        var (mine, peer, cpu) = (new List<double>(), new List<double>(), new List<double>());
        Rate(ours, batch, seconds / 4);
        Rate(bare.Run, batch, seconds / 4);
        for (var round = 0; round < Rounds; round++)
        {
            var (theirs, service) = (Rate(bare.Run, batch, seconds), Rate(ours, batch, seconds));
            peer.Add(theirs.PerSecond);
            mine.Add(service.PerSecond);
            cpu.Add(theirs.CpuMilliseconds / service.CpuMilliseconds);
        }
        Console.WriteLine(FormattableString.Invariant(
            $"{package.Card.Id} batch {batch}: service {Median([.. mine]):F1}/s, bare ONNX Runtime {Median([.. peer]):F1}/s, ratio {Median([.. mine.Zip(peer, (a, b) => a / b)]):F3}; by processor time {Median(cpu):F3}"));
    }

    private static async Task Clients32(EncoderPackage package, int threads, double seconds)
    {
        var options = new InferenceOptions { Threads = threads };
        using var session = EncoderSession.Open(package, options);
        await using var queue = new BatchQueue(session, TimeSpan.Zero);
        var tile = GoldenInput.Tiles(package.Card.Input, 1, 1);
        var (together, alone) = (new List<double>(), new List<double>());
        var latencies = new List<double>();
        var gate = new SemaphoreSlim(1, 1);
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await Many(seconds, [], async embeddings =>
            {
                await gate.WaitAsync();
                try { session.Encode<byte>(tile, 1, embeddings); }
                finally { gate.Release(); }
            }, package));
            together.Add(await Many(seconds, latencies, embeddings => queue.Encode<byte>(tile, 1, embeddings, interactive: true, CancellationToken.None), package));
        }
        latencies.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"{Clients} clients, one tile each: batched {Median([.. together]):F1}/s, one by one {Median([.. alone]):F1}/s, ratio {Median([.. together.Zip(alone, (a, b) => a / b)]):F3}; latency p50 {latencies[latencies.Count / 2]:F1} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:F1} ms"));
    }

    private static async Task<double> Many(double seconds, List<double> latencies, Func<float[], Task> encode, EncoderPackage package)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var (embeddings, count) = (new float[package.Card.Output.Embedding], 0);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                var began = watch.Elapsed.TotalMilliseconds;
                await encode(embeddings);
                lock (latencies) { latencies.Add(watch.Elapsed.TotalMilliseconds - began); }
                count++;
            }
            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Items a second, and processor time for one: the second is the fair one on a machine that others share.</summary>
    private static (double PerSecond, double CpuMilliseconds) Rate(Action run, int batch, double seconds)
    {
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var (watch, items) = (Stopwatch.StartNew(), 0);
        do
        {
            run();
            items += batch;
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        self.Refresh();
        return (items / watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - before).TotalMilliseconds / items);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>The loop of ../shared/bench/onnx_bench: pre-allocated tensors, no checks, no copies.</summary>
    private sealed class BareLoop : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _run = new();
        private readonly OrtValue _input;
        private readonly OrtValue _output;
        private readonly string _name;

        public BareLoop(EncoderPackage package, int batch, int threads)
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            _session = new InferenceSession(package.ModelPath, options);
            var contract = package.Card.Input;
            _name = contract.Name;
            if (contract.Kind == EncoderInput.Volume)
            {
                Floats = GoldenInput.Volume(contract, batch, 1);
                _input = OrtValue.CreateTensorValueFromMemory(Floats, contract.Shape(batch));
            }
            else
            {
                Bytes = GoldenInput.Tiles(contract, batch, 1);
                _input = OrtValue.CreateTensorValueFromMemory(Bytes, contract.Shape(batch));
            }
            _output = OrtValue.CreateTensorValueFromMemory(new float[batch * package.Card.Output.Embedding], [batch, package.Card.Output.Embedding]);
        }

        public float[] Floats { get; } = [];

        public byte[] Bytes { get; } = [];

        public void Run() => _session.Run(_run, [_name], [_input], ["embedding"], [_output]);

        public void Dispose()
        {
            _input.Dispose();
            _output.Dispose();
            _run.Dispose();
            _session.Dispose();
        }
    }
}
