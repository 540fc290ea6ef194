using BoneMet.Hosting;
using BoneMet.Storage;
using Xunit;

namespace BoneMet.UnitTests.Hosting;

public sealed class PagingTests
{
    [Fact]
    public void Cursor_ThereAndBack_IsTheId()
    {
        var page = Page.Of(new DocumentPage<string>(["x"], "病例-7"), text => text);
        Assert.Equal("病例-7", new PageRequest(page.Next).After());
        Assert.Null(Page.Of(new DocumentPage<string>([], null), text => text).Next);
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("a")]
    public void Cursor_NotOurs_IsABadRequest(string cursor) => Assert.Equal("invalid-cursor", Assert.Throws<ProblemException>(() => new PageRequest(cursor).After()).Code);

    [Theory]
    [InlineData(null, 50)]
    [InlineData(1, 1)]
    [InlineData(200, 200)]
    public void Limit_InRange_IsTaken(int? limit, int size) => Assert.Equal(size, new PageRequest(null, limit).Size());

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(201)]
    public void Limit_OutOfRange_IsABadRequest(int limit) => Assert.Equal(400, Assert.Throws<ProblemException>(() => new PageRequest(null, limit).Size()).StatusCode);
}
