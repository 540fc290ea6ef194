using System.Diagnostics;
using System.Globalization;
using BoneMet.Dicom;
using BoneMet.UnitTests.Dicom;
using SharpFuzz;

namespace BoneMet.Benchmarks;

/// <summary>
/// Longer runs than the tests': <c>fuzz-dicom --minutes 10 --seeds FOLDER</c> damages seed files at random and keeps what goes wrong as files;
/// with files as arguments it replays them. Without arguments it is the SharpFuzz target: instrument BoneMet.Dicom.dll with the sharpfuzz tool,
/// then <c>afl-fuzz -i seeds -o findings -- dotnet BoneMet.Benchmarks.dll fuzz-dicom</c>.
/// </summary>
internal static class DicomFuzz
{
    private const int MostSeedLength = 64 * 1024;
    private const long AllowedBytes = 64L << 20;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(2);

    public static int Run(string[] args)
    {
        switch (args)
        {
            case []:
                Fuzzer.OutOfProcess.Run((Stream stream) =>
                {
                    using var memory = new MemoryStream();
                    stream.CopyTo(memory);
                    Refused(memory.ToArray());
                });
                return 0;
            case ["--minutes", var minutes, "--seeds", var seeds] when double.TryParse(minutes, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit):
                return Mutate(TimeSpan.FromMinutes(limit), seeds);
            default:
                foreach (var path in args) { Console.WriteLine($"{path}: {Refused(File.ReadAllBytes(path)) ?? "read"}"); }
                return 0;
        }
    }

    private static int Mutate(TimeSpan limit, string folder)
    {
        var seeds = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).Length is > 0 and <= MostSeedLength).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        if (seeds.Count == 0)
        {
            Console.Error.WriteLine($"bonemet: {folder} holds no file of 1 to {MostSeedLength} bytes");
            return 2;
        }
        var (seed, count, refused, findings) = (Environment.TickCount, 0, 0, 0);
        var random = new Random(seed);
        var output = Path.Combine(Path.GetTempPath(), $"fuzz-dicom-{seed}");
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < limit; count++)
        {
            var mutant = DicomMutator.Mutate(seeds[random.Next(seeds.Count)], random);
            var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), ThreadTime.Now);
            string? wrong = null;
            try
            {
                if (Refused(mutant) is not null) { refused++; }
            }
            catch (Exception fault)
            {
                wrong = fault.ToString();
            }
            if (GC.GetAllocatedBytesForCurrentThread() - before is var allocated && allocated > AllowedBytes + (2L * mutant.Length)) { wrong ??= $"{allocated} bytes allocated for {mutant.Length}"; }
            if (ThreadTime.Now - began is var took && took > s_most) { wrong ??= $"took {took} of processor time"; }
            if (wrong is null) { continue; }
            Directory.CreateDirectory(output);
            var path = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{count}.dcm"));
            File.WriteAllBytes(path, mutant);
            Console.WriteLine($"{path}: {wrong}");
            findings++;
        }
        Console.WriteLine($"{count} mutants of {seeds.Count} files in {limit.TotalMinutes:0.#} min (seed {seed}): {refused} refused, {count - refused - findings} read, {findings} finding(s)");
        return findings == 0 ? 0 : 1;
    }

    /// <summary>The refusal of damaged bytes, or null when they are read. Any other exception is a finding.</summary>
    private static string? Refused(byte[] bytes)
    {
        try
        {
            DicomExercise.Run(bytes, decodeNative: false);
            return null;
        }
        catch (DicomException refusal)
        {
            return refusal.Message;
        }
    }
}
