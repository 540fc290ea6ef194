using BoneMet.FeatureExtraction.Inference;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class BagHeadTests
{
    private static readonly float[] Bag = [1, 5, -2, 3, 4, -1];

    [Fact]
    public void Maximum_TwoItems_TakesTheLargerOfEachDimension()
    {
        var result = Head("max", [2, -1, 3]).Apply(Bag, 2);
        Assert.Equal([3, 5, -1], result.Pooled);
        Assert.Equal(((2 * 3) + (-1 * 5) + (3 * -1) + 0.5) / 2, result.Logit, 12);
        Assert.Equal([1 / 3.0, 2 / 3.0], result.Attention, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Mean_TwoItems_IsTheAverage()
    {
        var result = Head("mean", [2, -1, 3]).Apply(Bag, 2);
        Assert.Equal([2, 4.5f, -1.5f], result.Pooled);
        Assert.Equal((4 - 4.5 - 4.5 + 0.5) / 2, result.Logit, 12);
    }

    [Fact]
    public void Attention_ByHand_GivesTheSoftmaxOfGatedScores()
    {
        var result = Head("attention", [2, -1, 3]).Apply(Bag, 2);
        var scores = new[] { 1.5 * Math.Tanh(1) * Sigmoid(-2), 1.5 * Math.Tanh(3) * Sigmoid(-1) };
        var first = Math.Exp(scores[0]) / (Math.Exp(scores[0]) + Math.Exp(scores[1]));
        Assert.Equal(first, result.Attention[0], 6);
        Assert.Equal((first * 1) + ((1 - first) * 3), result.Pooled[0], 5);
    }

    [Theory]
    [InlineData("max")]
    [InlineData("mean")]
    [InlineData("attention")]
    public void Shares_OfAllItems_AddUpToTheLogit(string pooling)
    {
        var head = Head(pooling, [2, -1, 3]);
        var result = head.Apply(Bag, 2);
        Assert.Equal(result.Logit, result.Shares.Sum() + head.Bias, 5);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static BagHead Head(string pooling, float[] weights) => BagHead.From(
        new HeadDocument
        {
            CancerType = "*",
            Pooling = pooling,
            Weights = Text(weights),
            Bias = 0.5f,
            Temperature = 2,
            Attention = new(1, Text([1, 0, 0]), Text([0, 0, 1]), Text([1.5f])),
        },
        weights.Length);

    private static string Text(float[] values) => Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
}
