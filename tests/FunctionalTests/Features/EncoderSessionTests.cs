using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class EncoderSessionTests
{
    [Theory]
    [InlineData(Encoders.Lesion)]
    [InlineData(Encoders.Tile)]
    public void Session_GoldenTensor_IsWhatPyTorchComputed(string id)
    {
        using var session = Encoders.Open(id);
        Assert.InRange(session.GoldenDifference, 0, 1e-5);
        Assert.Equal("CPU", session.Decision.Provider);
        Assert.Null(session.Decision.Fallback);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Session_ThreadCount_ChangesNoBit(int threads)
    {
        using var one = Encoders.Open(Encoders.Tile);
        using var other = Encoders.Open(Encoders.Tile, threads);
        var input = GoldenInput.Tiles(one.Card.Input, 5, 3);
        Assert.Equal(Encode(one, input, 5), Encode(other, input, 5));
    }

    [Theory]
    [InlineData(Encoders.Lesion, 6)]
    [InlineData(Encoders.Tile, 37)]
    public void Item_ItsBatchCompanions_ChangeNoBit(string id, int items)
    {
        using var session = Encoders.Open(id);
        var (length, size) = (session.Card.Input.ItemLength, session.Card.Output.Embedding);
        var volume = id == Encoders.Lesion;
        var cubes = volume ? GoldenInput.Volume(session.Card.Input, items, 5) : [];
        var tiles = volume ? [] : GoldenInput.Tiles(session.Card.Input, items, 5);
        var together = volume ? Encode(session, cubes, items) : Encode(session, tiles, items);
        for (var item = 0; item < items; item++)
        {
            var alone = volume ? Encode(session, cubes[(item * length)..((item + 1) * length)], 1) : Encode(session, tiles[(item * length)..((item + 1) * length)], 1);
            Assert.Equal(together[(item * size)..((item + 1) * size)], alone);
        }
    }

    [Fact]
    public void Volume_HoldingNaN_IsRefused()
    {
        using var session = Encoders.Open(Encoders.Lesion);
        var input = GoldenInput.Volume(session.Card.Input, 1, 5);
        input[12345] = float.NaN;
        var refusal = Assert.Throws<InvalidInputException>(() => Encode(session, input, 1));
        Assert.Equal("not-finite-input", refusal.Code);
    }

    [Fact]
    public void File_OneBitAltered_IsNotLoaded()
    {
        var folder = Encoders.Copy(Encoders.Lesion);
        var path = Path.Combine(folder, "lesion-untrained.onnx");
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var refusal = Assert.Throws<UnusableEncoderException>(() => OpenOnly(folder));
        Assert.Equal("encoder-altered", refusal.Code);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void File_CorruptButWithItsDigestInTheCard_IsRefusedByOnnxRuntime()
    {
        var folder = Encoders.Copy(Encoders.Lesion);
        var path = Path.Combine(folder, "lesion-untrained.onnx");
        var bytes = File.ReadAllBytes(path)[..1000];
        File.WriteAllBytes(path, bytes);
        Encoders.Recard(folder, "sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        var refusal = Assert.Throws<UnusableEncoderException>(() => OpenOnly(folder));
        Assert.Equal("encoder-corrupt", refusal.Code);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Card_WithAnotherGoldenOutput_LeavesTheEncoderUnproven()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        using (var session = Encoders.Open(Encoders.Tile))
        {
            var golden = EncoderSession.Floats(session.Card.Golden.Output);
            golden[7] += 0.01f;
            Encoders.Recard(folder, "output", Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(golden)));
        }
        var refusal = Assert.Throws<UnusableEncoderException>(() => OpenOnly(folder));
        Assert.Equal("encoder-unproven", refusal.Code);
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("\"size\": 256", "\"size\": 128", "its input has shape")]
    [InlineData("\"embedding\": 128", "\"embedding\": 64", "its output 'embedding' has shape")]
    [InlineData("\"name\": \"tiles\"", "\"name\": \"slices\"", "no input named 'slices'")]
    public void Card_OfAnotherShape_IsRefused(string was, string becomes, string reason)
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var path = Directory.GetFiles(folder, "*.card.json").Single();
        var text = File.ReadAllText(path);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(was, becomes, StringComparison.Ordinal));
        var refusal = Assert.Throws<UnusableEncoderException>(() => OpenOnly(folder));
        Assert.Equal("encoder-corrupt", refusal.Code);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Provider_NotOnThisMachine_FallsBackAndSaysSo()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidia0"), "needs a machine without an NVIDIA GPU");
        using var session = EncoderSession.Open(Encoders.Package(Encoders.Tile), new InferenceOptions { Threads = 1, Provider = ExecutionProvider.Cuda });
        Assert.Equal("CPU", session.Decision.Provider);
        Assert.Contains("CUDA", session.Decision.Fallback, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_VanishingMidBatch_IsReplacedByTheCpuWithTheSameResult()
    {
        var package = Encoders.Package(Encoders.Tile);
        using var sound = Encoders.Open(Encoders.Tile);
        using var failing = EncoderSession.Open(package, Encoders.Options(), (model, name, options, instead) =>
        {
            var (runner, decision) = SessionFactory.Open(model, name, options, instead);
            return (new VanishingRunner(runner.Session, 2), decision with { Provider = "CUDA" });
        });
        Assert.Equal("CUDA", failing.Decision.Provider);
        var input = GoldenInput.Tiles(sound.Card.Input, 40, 8);
        Assert.Equal(Encode(sound, input, 40), Encode(failing, input, 40));
        Assert.Equal("CPU", failing.Decision.Provider);
        Assert.Contains("CUDA failed", failing.Decision.Fallback, StringComparison.Ordinal);
    }

    private static float[] Encode<T>(EncoderSession session, T[] input, int items)
        where T : unmanaged
    {
        var embeddings = new float[items * session.Card.Output.Embedding];
        session.Encode<T>(input, items, embeddings);
        return embeddings;
    }

    private static void OpenOnly(string folder) =>
        EncoderSession.Open(Assert.Single(Encoders.LoadSigned(folder).Packages), Encoders.Options()).Dispose();
}
