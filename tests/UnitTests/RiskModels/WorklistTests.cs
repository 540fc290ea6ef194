using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class WorklistTests
{
    private static readonly WorklistCase[] Cases = [new("d", 0.05), new("b", 0.4), new("a", 0.4), new("c", 0.15)];

    [Fact]
    public void ByCapacity_TakesTheHighestRisks_TiesById()
    {
        var list = Worklist.ByCapacity(Cases, 2);
        Assert.Equal(["a", "b"], list.Selected.Select(c => c.Id));
        Assert.Equal(0.8, list.ExpectedFound, 1e-12);
        Assert.Equal(0.2, list.ExpectedMissed, 1e-12);
        Assert.Equal(0.8, list.ExpectedSensitivity, 1e-12);
        Assert.Equal(2.5, list.ScansPerEvent, 1e-12);
    }

    [Fact]
    public void ByThreshold_CountsNetBenefit()
    {
        var list = Worklist.ByThreshold(Cases, 0.1);
        Assert.Equal(3, list.Selected.Count);
        Assert.Equal((0.95 - (2.05 * 0.1 / 0.9)) / 4, list.NetBenefit, 1e-12);
    }

    [Fact]
    public void ByThreshold_OfAnImpossibleRisk_NamesTheCase() =>
        Assert.Contains("x", Assert.Throws<ArgumentException>(() => Worklist.ByThreshold([new("x", 1.2)], 0.1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Curve_OfCalibratedRisks_IsNeverBelowScanningEverybodyOrNobody()
    {
        var curve = ExpectedBenefit.Curve(Cases);
        Assert.All(curve, point => Assert.True(point.Selected >= point.Everybody - 1e-12 && point.Selected >= 0));
        var tenth = curve.Single(point => point.Threshold == 0.1);
        Assert.Equal(Worklist.ByThreshold(Cases, 0.1).NetBenefit, tenth.Selected, 1e-12);
        Assert.Equal((1 - (3 * 0.1 / 0.9)) / 4, tenth.Everybody, 1e-12);
        Assert.Equal(0.05, ExpectedBenefit.ThresholdOf(20));
    }
}
