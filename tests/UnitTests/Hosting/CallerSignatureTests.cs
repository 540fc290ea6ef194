using System.Security.Cryptography;
using BoneMet.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BoneMet.UnitTests.Hosting;

public sealed class CallerSignatureTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("beijing", false)]
    [InlineData("service:feature-extraction", true)]
    public void Sign_ThenVerify_IsTheSameCaller(string site, bool isOperator)
    {
        var signature = new CallerSignature(key, clock);
        Assert.Equal(new Caller(site, isOperator), new CallerSignature(key, clock).Verify(signature.Sign(new Caller(site, isOperator))));
    }

    [Fact]
    public void Verify_AnyByteChanged_IsNobody()
    {
        var signature = new CallerSignature(key, clock);
        var text = signature.Sign(new Caller("site", false));
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToCharArray();
            changed[i] = changed[i] == 'o' ? 's' : 'o';
            if (new string(changed) == text) { continue; }
            // The last character of base64 carries spare bits: what decodes to the same bytes is the same signature.
            if (i == text.Length - 1) { continue; }
            Assert.Null(signature.Verify(new string(changed)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.c2l0ZQ.s.99999999999.")]
    [InlineData("1.c2l0ZQ.o.99999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("no.signature.at.all.!!!")]
    public void Verify_NotOurs_IsNobody(string? header) => Assert.Null(new CallerSignature(key, clock).Verify(header));

    [Fact]
    public void Verify_OtherKey_IsNobody() =>
        Assert.Null(new CallerSignature(RandomNumberGenerator.GetBytes(32), clock).Verify(new CallerSignature(key, clock).Sign(new Caller("a", true))));

    [Fact]
    public void Verify_AfterTwoMinutes_IsNobody_AndANewOneCounts()
    {
        var signature = new CallerSignature(key, clock);
        var old = signature.Sign(new Caller("a", false));
        clock.Advance(TimeSpan.FromSeconds(121));
        Assert.Null(signature.Verify(old));
        Assert.NotNull(signature.Verify(signature.Sign(new Caller("a", false))));
    }
}
