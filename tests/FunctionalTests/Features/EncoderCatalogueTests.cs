using System.Security.Cryptography;
using BoneMet.Contracts.Encoders;
using BoneMet.FeatureExtraction.Catalogue;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class EncoderCatalogueTests
{
    [Fact]
    public void Catalogue_AsShipped_HasNoRejectedCard()
    {
        var catalogue = EncoderCatalogue.Load([Encoders.Folder], CardTrust.ShippedOnly);
        Assert.Empty(catalogue.Rejected);
        Assert.NotNull(catalogue.Choose("imaging", "prostate"));
        Assert.NotNull(catalogue.Choose("pathology", "prostate"));
    }

    [Theory]
    [InlineData("\"schema\": \"bonemet.encoder/1\"", "\"schema\": \"other/1\"", "schema")]
    [InlineData("\"file\": \"tile-untrained.onnx\"", "\"file\": \"../tile-untrained.onnx\"", "plain name")]
    [InlineData("\"spdx\": \"LicenseRef-BoneMetPlatform\"", "\"spdx\": \"\"", "licence")]
    [InlineData("\"modality\": \"pathology\"", "\"modality\": \"imaging\"", "does not fit")]
    [InlineData("\"version\": \"1.0.0\",", "", "cannot be read")]
    public void Card_WithAFault_IsRejectedWithItsReason(string from, string to, string reason)
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var path = Directory.GetFiles(folder, "*.card.json").Single();
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        var catalogue = Encoders.LoadSigned(folder);
        Assert.Empty(catalogue.Packages);
        Assert.Contains(reason, Assert.Single(catalogue.Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Cards_OfTheSameId_SecondIsRejected()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var catalogue = Encoders.LoadSigned(Encoders.Folder, folder);
        Assert.Contains("already taken", Assert.Single(catalogue.Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Card_AlteredAndUnsigned_IsNotLoaded()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var path = Directory.GetFiles(folder, "*.card.json").Single();
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"trained\": false", "\"trained\": true", StringComparison.Ordinal));
        Assert.Contains("not signed", Assert.Single(EncoderCatalogue.Load([folder], CardTrust.ShippedOnly).Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Card_AlteredAfterSigning_IsNotLoaded()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var path = Directory.GetFiles(folder, "*.card.json").Single();
        File.WriteAllText(path, File.ReadAllText(path) + " ");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllBytes(CardSignature.PathFor(path), CardSignature.Sign(File.ReadAllBytes(path), key).Write());
        Assert.Single(EncoderCatalogue.Load([folder], new CardTrust([key])).Packages);
        File.WriteAllText(path, File.ReadAllText(path) + " ");
        Assert.Contains("not that of a trusted key", Assert.Single(EncoderCatalogue.Load([folder], new CardTrust([key])).Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("candidate")]
    [InlineData("retired")]
    [InlineData("nonsense")]
    public void Encoder_NotChampion_IsKeptButNeverChosen(string state)
    {
        var folder = Encoders.Copy(Encoders.Tile);
        File.WriteAllText(Path.Combine(folder, "tile-untrained.state"), state);
        var catalogue = EncoderCatalogue.Load([folder], CardTrust.ShippedOnly);
        Assert.NotNull(catalogue.Find(Encoders.Tile));
        Assert.Null(catalogue.Choose("pathology", "prostate"));
        Directory.Delete(folder, true);
    }
}
