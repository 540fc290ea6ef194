using BoneMet.FeatureExtraction.Explain;
using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class ActivationMapTests
{
    [Theory]
    [InlineData(Encoders.Lesion)]
    [InlineData(Encoders.Tile)]
    public void Map_SummedOverPositions_IsTheItemsShareOfTheLogit(string id)
    {
        using var session = Encoders.Open(id);
        const int Items = 3;
        var card = session.Card;
        var embeddings = new float[Items * card.Output.Embedding];
        var maps = new float[Items * card.Output.MapLength];
        if (id == Encoders.Lesion) { session.Encode<float>(GoldenInput.Volume(card.Input, Items, 9), Items, embeddings, maps); }
        else { session.Encode<byte>(GoldenInput.Tiles(card.Input, Items, 9), Items, embeddings, maps); }

        var head = session.Head("prostate")!;
        var bag = head.Apply(embeddings, Items);
        for (var item = 0; item < Items; item++)
        {
            var weights = head.ItemWeights(embeddings, Items, bag, item);
            var map = ActivationMap.Of(maps.AsSpan(item * card.Output.MapLength, card.Output.MapLength), session.Metadata.Projection!, weights);
            Assert.Equal(bag.Shares[item], map.Sum() + ActivationMap.Constant(session.Metadata.Projection!, weights), 4);
        }
        Assert.Equal(bag.Logit, bag.Shares.Sum() + head.Bias, 4);
    }

    [Fact]
    public void Evidence_Enlarged_KeepsItsPeakAndItsSign()
    {
        var map = new double[64];
        map[1 + (4 * (2 + (4 * 3)))] = -2;
        var evidence = EvidenceVolume.Enlarge(map, 4, 16);
        var peak = EvidenceVolume.Peak(evidence);
        Assert.InRange(peak % 16, 4, 7);
        Assert.InRange(peak / 16 % 16, 8, 11);
        Assert.InRange(peak / 256, 12, 15);
        Assert.True(evidence[peak] < 0);
    }
}
