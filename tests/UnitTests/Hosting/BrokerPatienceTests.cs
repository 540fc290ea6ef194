using BoneMet.Hosting;
using Xunit;

namespace BoneMet.UnitTests.Hosting;

public sealed class BrokerPatienceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IsOver_BusBrokenOnALivingBroker_AfterTheLimit()
    {
        var patience = new BrokerPatience(TimeSpan.FromSeconds(60));
        Assert.False(patience.IsOver(busWorks: false, brokerAnswers: true, Start));
        Assert.False(patience.IsOver(busWorks: false, brokerAnswers: true, Start.AddSeconds(59)));
        Assert.True(patience.IsOver(busWorks: false, brokerAnswers: true, Start.AddSeconds(60)));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void IsOver_BusWorkedOrBrokerWasAwayInBetween_BeginsAgain(bool busWorks, bool brokerAnswers)
    {
        var patience = new BrokerPatience(TimeSpan.FromSeconds(60));
        Assert.False(patience.IsOver(busWorks: false, brokerAnswers: true, Start));
        Assert.False(patience.IsOver(busWorks, brokerAnswers, Start.AddSeconds(50)));
        Assert.False(patience.IsOver(busWorks: false, brokerAnswers: true, Start.AddSeconds(70)));
        Assert.False(patience.IsOver(busWorks: false, brokerAnswers: true, Start.AddSeconds(129)));
        Assert.True(patience.IsOver(busWorks: false, brokerAnswers: true, Start.AddSeconds(130)));
    }
}
