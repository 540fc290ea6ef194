using BoneMet.FeatureExtraction.Catalogue;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

public sealed class EncoderCatalogueTests
{
    [Fact]
    public void Catalogue_AsShipped_HasNoRejectedCard()
    {
        var catalogue = EncoderCatalogue.Load(Encoders.Folder);
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
        var catalogue = EncoderCatalogue.Load(folder);
        Assert.Empty(catalogue.Packages);
        Assert.Contains(reason, Assert.Single(catalogue.Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Cards_OfTheSameId_SecondIsRejected()
    {
        var folder = Encoders.Copy(Encoders.Tile);
        var catalogue = EncoderCatalogue.Load(Encoders.Folder, folder);
        Assert.Contains("already taken", Assert.Single(catalogue.Rejected).Reason, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }
}
