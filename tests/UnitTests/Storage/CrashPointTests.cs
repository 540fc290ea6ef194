using BoneMet.Storage;
using Xunit;

namespace BoneMet.UnitTests.Storage;

public sealed class CrashPointTests
{
    [Fact]
    public void Parse_NamesAndCounts_AreKept()
    {
        var points = CrashPoint.Parse("after-publish:3, before-publish")!;
        Assert.Equal((3, 1), (points["after-publish"], points["before-publish"]));
        Assert.Null(CrashPoint.Parse(""));
    }

    [Theory]
    [InlineData("x:0")]
    [InlineData("x:y")]
    public void Parse_NoCount_SaysSo(string text) => Assert.Contains(text, Assert.Throws<InvalidOperationException>(() => CrashPoint.Parse(text)).Message, StringComparison.Ordinal);
}
