using System.Runtime.InteropServices;
using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class ParityTests
{
    private const int Inputs = 200;

    [Theory]
    [InlineData(Encoders.Lesion)]
    [InlineData(Encoders.Tile)]
    public async Task Embedding_OfTheService_IsPyTorchs(string id)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && await TrainingJobTests.Run(Python, ["-c", "import torch"]) is (0, _), "needs Debian's python3-torch");
        var file = Path.GetTempFileName();
        var (code, output) = await TrainingJobTests.Run(Python, ["tests/parity.py", id, $"{Inputs}", file]);
        Assert.True(code == 0, output);
        var expected = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).ToArray();
        File.Delete(file);

        using var session = Encoders.Open(id);
        var (card, largest) = (session.Card, 0.0);
        var embedding = new float[card.Output.Embedding];
        for (var n = 0; n < Inputs; n++)
        {
            if (id == Encoders.Lesion)
            {
                var cube = GoldenInput.Volume(card.Input, 1, (uint)n);
                if (n < 2) { Array.Fill(cube, n); }
                session.Encode<float>(cube, 1, embedding);
            }
            else
            {
                var tile = GoldenInput.Tiles(card.Input, 1, (uint)n);
                if (n < 2) { Array.Fill(tile, (byte)(n * 255)); }
                session.Encode<byte>(tile, 1, embedding);
            }
            for (var d = 0; d < embedding.Length; d++) { largest = Math.Max(largest, Math.Abs((double)embedding[d] - expected[(n * embedding.Length) + d])); }
        }
        Assert.InRange(largest, 0, 1e-5);
    }
}
