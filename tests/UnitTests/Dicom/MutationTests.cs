using System.Globalization;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>
/// Mutants of the corpus: lengths, tags, VRs, nesting, transfer syntaxes, fragments and code streams are damaged. Each is read, written as
/// JSON and decoded: a result or a DicomException, in time, within memory. BONEMET_MUTANTS makes longer runs, BONEMET_SEED other ones.
/// </summary>
public sealed class MutationTests
{
    private const long Allowed = 64L << 20;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(2);

    [Fact]
    public void Mutants_OfTheCorpus_NeverCrashHangOrFillMemory()
    {
        var count = Number("BONEMET_MUTANTS", 10_000);
        var random = new Random(Number("BONEMET_SEED", 20260111));
        var seeds = Corpus.Small(48 * 1024);
        Assert.NotEmpty(seeds);
        var wrong = new List<string>();
        var refused = 0;
        for (var i = 0; i < count && wrong.Count < 10; i++)
        {
            var (path, original) = seeds[i % seeds.Count];
            var mutant = DicomMutator.Mutate(original, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = ThreadTime.Now;
            try
            {
                DicomExercise.Run(mutant, decodeNative: false);
            }
            catch (DicomException)
            {
                refused++;
            }
            catch (Exception fault)
            {
                wrong.Add($"mutant {i} of {path}: {fault.GetType().Name} {fault.Message} {fault.StackTrace}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > Allowed + (2L * mutant.Length)) { wrong.Add($"mutant {i} of {path}: {allocated} bytes allocated for {mutant.Length}"); }
            if (ThreadTime.Now - began is var took && took > s_most) { wrong.Add($"mutant {i} of {path}: took {took} of processor time"); }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(refused > count / 20, $"only {refused} of {count} mutants were refused: the mutation does nothing");
    }

    [Fact]
    public void Mutants_OfJpeg2000Streams_EndInTheWorkerProcess()
    {
        var random = new Random(7);
        var seeds = Corpus.Small(64 * 1024).Where(seed => DicomFile.IsDicom(seed.Path) && DicomFile.Open(seed.Bytes, new DicomReadOptions { KeepReadable = true }).TransferSyntax.Pixels == PixelEncoding.Jpeg2000).ToList();
        Assert.NotEmpty(seeds);
        for (var i = 0; i < Number("BONEMET_MUTANTS", 10_000) / 100; i++)
        {
            var (path, original) = seeds[i % seeds.Count];
            var mutant = original.ToArray();
            for (var k = 0; k < 4; k++) { mutant[(mutant.Length / 2) + random.Next(mutant.Length / 2)] ^= (byte)(1 << random.Next(8)); }
            try
            {
                DicomExercise.Run(mutant, decodeNative: true);
            }
            catch (DicomException fault)
            {
                Assert.False(string.IsNullOrWhiteSpace(fault.Message), path);
            }
        }
    }

    private static int Number(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;
}
