using System.CommandLine;
using BoneMet.Cli.Training;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class EncoderCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-").FullName;

    private string Card => Path.Combine(_folder, "package", "tile-own.card.json");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        Directory.Delete(_folder, true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Package_SignedAndAdded_IsServedOnceItIsPromoted()
    {
        await Prepare();
        Assert.Equal(0, await Run("add", Card, "--data", Data, "--trust", Key("pub")));
        Assert.Equal(FeatureExtraction.Catalogue.EncoderState.Candidate, Own().State);
        Assert.Equal(0, await Run("promote", "tile-own", "--data", Data));
        Assert.Equal(FeatureExtraction.Catalogue.EncoderState.Champion, Own().State);
        using var session = FeatureExtraction.Inference.EncoderSession.Open(Own(), Encoders.Options());
        Assert.Equal("CPU", session.Decision.Provider);
        Assert.Equal(0, await Run("retire", "tile-own", "--data", Data));
        Assert.Equal(FeatureExtraction.Catalogue.EncoderState.Retired, Own().State);
        Assert.Equal(0, await Run("list", "--data", Data));
    }

    [Fact]
    public async Task Package_Unsigned_IsNotAdded()
    {
        await Prepare(sign: false);
        Assert.Equal(2, await Run("add", Card, "--data", Data, "--trust", Key("pub")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Data, "encoders"), "*.card.json"));
    }

    [Fact]
    public async Task Package_AlteredAfterSigning_FailsVerificationAndIsNotAdded()
    {
        await Prepare();
        Assert.Equal(0, await Run("verify", Card, "--trusted", Path.Combine(_folder, "keys")));
        await File.AppendAllTextAsync(Path.Combine(_folder, "package", "tile-untrained.onnx"), "x", TestContext.Current.CancellationToken);
        Assert.Equal(1, await Run("verify", Card, "--trusted", Path.Combine(_folder, "keys")));
        Assert.Equal(2, await Run("add", Card, "--data", Data, "--trust", Key("pub")));
    }

    [Fact]
    public async Task Package_ForbiddingCommercialUse_NeedsConsent()
    {
        await Prepare(card => card.Replace("\"commercial\": true", "\"commercial\": false", StringComparison.Ordinal));
        Assert.Equal(2, await Run("add", Card, "--data", Data, "--trust", Key("pub")));
        Assert.Equal(0, await Run("add", Card, "--data", Data, "--non-commercial"));
    }

    [Theory]
    [InlineData("nothing.card.json")]
    [InlineData("tile-untrained.onnx")]
    public async Task Verify_WhatIsNoCard_SaysSo(string name) => Assert.Equal(2, await Run("verify", Path.Combine(Encoders.Folder, name), "--trusted", _folder));

    private async Task Prepare(Func<string, string>? change = null, bool sign = true)
    {
        Assert.Equal(0, await Run("keygen", "--out", Path.Combine(_folder, "keys")));
        Directory.CreateDirectory(Path.GetDirectoryName(Card)!);
        File.Copy(Path.Combine(Encoders.Folder, "tile-untrained.onnx"), Path.Combine(_folder, "package", "tile-untrained.onnx"));
        var text = (await File.ReadAllTextAsync(Path.Combine(Encoders.Folder, "tile-untrained.card.json"), TestContext.Current.CancellationToken)).Replace("\"id\": \"tile-untrained\"", "\"id\": \"tile-own\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Card, change?.Invoke(text) ?? text, TestContext.Current.CancellationToken);
        if (sign) { Assert.Equal(0, await Run("sign", Card, "--key", Key("key"))); }
    }

    private string Key(string kind) => Path.Combine(_folder, "keys", $"encoder-signing.{kind}.pem");

    private FeatureExtraction.Catalogue.EncoderPackage Own()
    {
        var folder = Path.Combine(Data, "encoders");
        var trusted = Contracts.Encoders.CardSignature.Trusted(Path.Combine(folder, "trusted"));
        return Assert.Single(FeatureExtraction.Catalogue.EncoderCatalogue.Load([folder], new(trusted)).Packages);
    }

    private static Task<int> Run(params string[] arguments) => EncoderCommands.Create().Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
}
