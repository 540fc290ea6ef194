using System.Text.Json;
using BoneMet.Statistics;
using BoneMet.Statistics.Tests;
using Xunit;
using TestResult = BoneMet.Statistics.Tests.TestResult;

namespace BoneMet.UnitTests.Statistics;

public class GroupTestTests
{
    private readonly JsonElement _r = Reference.Load("tests.json");

    [Fact]
    public void MeanTests_TwoGroups_EqualR()
    {
        var (a, b) = (_r.Doubles("a"), _r.Doubles("b"));
        Check("t", MeanTests.Student(a, b));
        Check("welch", MeanTests.Welch(a, b));
        Check("mw_exact", MeanTests.MannWhitney(_r.Doubles("ua"), _r.Doubles("ub")));
        Check("mw_ties", MeanTests.MannWhitney(_r.Doubles("ta"), _r.Doubles("tb")));
        Check("mw_large", MeanTests.MannWhitney(_r.Doubles("la"), _r.Doubles("lb")));
    }

    [Fact]
    public void Tables_ChiSquaredAndFisher_EqualR()
    {
        var tables = _r.GetProperty("tables").EnumerateArray().Select(Table).ToArray();
        var chi = _r.GetProperty("chi").EnumerateArray().ToArray();
        var fisher = _r.Doubles("fisher");
        for (var i = 0; i < tables.Length; i++)
        {
            Check(chi[i], ContingencyTests.ChiSquared(tables[i]), $"table {i}");
            Reference.Close(fisher[i], ContingencyTests.Fisher(tables[i]).P, 1e-7, $"fisher {i}");
        }
        Check("chi_plain", ContingencyTests.ChiSquared(tables[0], continuity: false));
        var f = ContingencyTests.FisherExact(tables[0]);
        var expected = _r.GetProperty("fisher22");
        Reference.Close(expected.Double("or"), f.OddsRatio, 1e-4, "R's own root is found to 1e-4");
        Reference.Close(expected.Double("lo"), f.Low, 1e-3, "low");
        Reference.Close(expected.Double("hi"), f.High, 1e-3, "high");
        var zero = ContingencyTests.FisherExact(new int[,] { { 8, 3 }, { 0, 9 } });
        Reference.Close(_r.GetProperty("fisher_zero").Double("p"), zero.P, 1e-9, "zero");
        Assert.Equal(double.PositiveInfinity, zero.High);
    }

    [Fact]
    public void TrendAndMultiplicity_EqualR()
    {
        Check("trend", ContingencyTests.Trend([15, 10, 5, 9], [30, 30, 30, 40]));
        Reference.Close(_r.Doubles("holm"), Multiplicity.Holm(_r.Doubles("p")), 1e-12, "holm");
        Reference.Close(_r.Doubles("bh"), Multiplicity.BenjaminiHochberg(_r.Doubles("p")), 1e-12, "bh");
        Assert.True(double.IsNaN(Multiplicity.Holm([double.NaN, .02])[0]));
        Assert.Equal(.02, Multiplicity.Holm([double.NaN, .02])[1]);
    }

    [Fact]
    public void Proportions_Intervals_EqualR()
    {
        Interval("wilson", Proportion.Of(17, 60));
        Interval("wilson_cc", Proportion.Of(17, 60, ProportionMethod.WilsonContinuity));
        Interval("exact", Proportion.Of(17, 60, ProportionMethod.ClopperPearson));
        Interval("exact0", Proportion.Of(0, 25, ProportionMethod.ClopperPearson));
    }

    [Fact]
    public void Groups_WithoutVariationOrRows_AreRefused()
    {
        Assert.Equal("no-variation", Assert.Throws<StatisticsException>(() => MeanTests.Welch([1, 1, 1], [1, 1])).Code);
        Assert.Equal("too-few-rows", Assert.Throws<StatisticsException>(() => MeanTests.Student([1], [1, 2])).Code);
        Assert.Equal("not-a-number", Assert.Throws<StatisticsException>(() => MeanTests.MannWhitney([1, double.NaN], [1, 2])).Code);
        Assert.Equal("empty-margin", Assert.Throws<StatisticsException>(() => ContingencyTests.Fisher(new int[,] { { 0, 0 }, { 3, 4 } })).Code);
    }

    private static int[,] Table(JsonElement rows)
    {
        var cells = rows.EnumerateArray().Select(row => row.EnumerateArray().Select(c => c.GetInt32()).ToArray()).ToArray();
        var table = new int[cells.Length, cells[0].Length];
        for (var i = 0; i < cells.Length; i++) { for (var j = 0; j < cells[0].Length; j++) { table[i, j] = cells[i][j]; } }
        return table;
    }

    private void Interval(string name, Proportion found) => Reference.Close(_r.Doubles(name), [found.Low, found.High], 1e-9, name);

    private void Check(string name, TestResult found) => Check(_r.GetProperty(name), found, name);

    private static void Check(JsonElement expected, TestResult found, string name)
    {
        Reference.Close(expected.Double("stat"), found.Statistic, 1e-9, name);
        Reference.Close(expected.Double("df"), found.DegreesOfFreedom, 1e-9, name);
        Reference.Close(expected.Double("p"), found.P, 1e-9, name);
    }
}
