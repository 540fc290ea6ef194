using BoneMet.RiskModels;
using Xunit;

namespace BoneMet.UnitTests.RiskModels;

public sealed class SigningTests
{
    private static readonly RiskModel Model = ModelLibrary.BuiltIn.Find("lung-squamous-seer")!.Model;

    [Fact]
    public void Sign_WithAKnownKey_IsTrusted()
    {
        var key = ModelSigning.NewKey();
        var signed = ModelFile.Load(ModelFile.Save(ModelSigning.Sign(Model, key))).Require();
        Assert.Equal(SignatureState.Trusted, ModelSigning.Verify(signed, [ModelSigning.PublicKey(key)]));
        Assert.Equal(SignatureState.UnknownKey, ModelSigning.Verify(signed, [ModelSigning.PublicKey(ModelSigning.NewKey())]));
        Assert.Equal(SignatureState.Absent, ModelSigning.Verify(Model));
        Assert.Equal(ModelFile.Sha256(Model), ModelFile.Sha256(signed));
    }

    [Fact]
    public void Verify_OfAChangedNumber_SaysTampered()
    {
        var signed = ModelSigning.Sign(Model, ModelSigning.NewKey());
        Assert.Equal(SignatureState.Tampered, ModelSigning.Verify(signed with { Version = "1.0.1" }));
        Assert.Equal(SignatureState.Tampered, ModelSigning.Verify(signed with { Signature = signed.Signature! with { Value = "AAAA" } }));
    }

    // RFC 8032, 7.1, test 1: the public key of this seed.
    [Fact]
    public void PublicKey_OfTheRfcSeed_IsTheRfcKey() => Assert.Equal(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        Convert.ToHexStringLower(ModelSigning.PublicKey(Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))));

    // RFC 8785, appendix B, and ECMAScript's own examples.
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(9007199254740992, "9007199254740992")]
    [InlineData(295147905179352830000.0, "295147905179352830000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(9.999999999999997e22, "9.999999999999997e+22")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(333333333.33333329, "333333333.3333333")]
    [InlineData(-0.0000033333333333333333, "-0.0000033333333333333333")]
    [InlineData(1424953923781206.2, "1424953923781206.2")]
    public void CanonicalNumber_IsEcmaScripts(double value, string expected) => Assert.Equal(expected, CanonicalJson.Number(value));
}
