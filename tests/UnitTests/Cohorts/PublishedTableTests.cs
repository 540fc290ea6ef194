using System.Text;
using BoneMet.Cohorts.Published;
using BoneMet.Statistics.Tables;
using Xunit;

namespace BoneMet.UnitTests.Cohorts;

/// <summary>Against lung cancer in SEER 2010–2014 (BMC Cancer 2019;19:238).</summary>
public sealed class PublishedTableTests
{
    [Fact]
    public void Check_Counts_ReproduceCrudeRatioAndChiSquare()
    {
        var findings = Check("factor;level;no_event;event;or\nsex;female;46,496 (47.8);10,752 (41.9);1\n;male;50,750 (52.2);14,893 (58.1);1.24 (1.15–1.34)\n");
        Assert.All(findings, f => Assert.Empty(f.Flags));
        Assert.Equal(14893.0 * 46496 / (10752.0 * 50750), findings[1].CrudeOddsRatio!.Value, 1e-12);
        Assert.Equal(282.7, findings[1].ChiSquare!.Value, 0.5);
        Assert.True(findings[1].ChiSquareYates < findings[1].ChiSquare);
        Assert.Equal((Math.Log(1.34) - Math.Log(1.15)) / (2 * 1.959964), findings[1].StandardError!.Value, 1e-6);
    }

    [Theory]
    [InlineData("3.34 (1.91–3.82)", "geometric mean")]
    [InlineData("1.24 (1.30–1.50)", "outside its interval")]
    [InlineData("1.24 (1.34–1.15)", "upside down")]
    public void Check_RatioAgainstInterval_IsFlagged(string ratio, string expected) =>
        Assert.Contains(Check($"factor;level;or\nsites;0;1\n;1;{ratio}\n")[1].Flags, flag => flag.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("0.018 (0.001–0.507)")]
    [InlineData("6.679 (4.576–9.750)")]
    [InlineData("12.08 (8.65–16.87)")]
    public void Check_RoundedNumbers_AreNotFlagged(string ratio) => Assert.Empty(Check($"factor;level;or\nx;0;1\n;1;{ratio}\n")[1].Flags);

    [Fact]
    public void Check_PercentageThatDoesNotFit_IsFlagged()
    {
        var findings = Check("factor;level;no_event;event\nsex;female;46,496 (47.8);10,752 (49.1)\n;male;50,750 (52.2);14,893 (58.1)\n");
        Assert.Contains("10752 with the event is printed as 49.1 %, but it is 41.9", Assert.Single(findings[0].Flags), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<0.001", false)]
    [InlineData("0.20", true)]
    [InlineData(">0.05", true)]
    public void Check_ProbabilityAgainstInterval_IsFlagged(string p, bool flagged) =>
        Assert.Equal(flagged, Check($"factor;level;or;p\nsex;female;1;\n;male;1.24 (1.15–1.34);{p}\n")[1].Flags.Count > 0);

    private static IReadOnlyList<PublishedFinding> Check(string text) =>
        PublishedTable.Check(TableReader.Read(() => new MemoryStream(Encoding.UTF8.GetBytes(text)), new TableReaderOptions { Dictionary = PublishedTable.Dictionary }, TestContext.Current.CancellationToken).Table);
}
