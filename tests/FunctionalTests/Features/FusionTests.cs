using System.Runtime.InteropServices;
using BoneMet.Cli.Training;
using BoneMet.Contracts.Events;
using BoneMet.FeatureExtraction.Catalogue;
using BoneMet.FeatureExtraction.Fuse;
using BoneMet.FeatureExtraction.Inference;
using BoneMet.FunctionalTests.Support;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;
using Xunit;

namespace BoneMet.FunctionalTests.Features;

/// <summary>Both modalities fused into one label: the numbers of PyTorch, refused when altered, and told with whichever strand is labelled second.</summary>
public sealed class FusionTests(FeatureHost host) : IClassFixture<FeatureHost>
{
    private const int Inputs = 200;

    [Fact]
    public async Task Logits_OfTheService_ArePyTorchs()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && await TrainingJobTests.Run(Python, ["-c", "import torch, onnx"]) is (0, _), "needs Debian's python3-torch and python3-onnx");
        using var folder = new TemporaryFolder();
        var (code, output) = await TrainingJobTests.Run(Python, ["tests/parity.py", "fusion", $"{Inputs}", folder.Of("expected"), folder.Of("package")]);
        Assert.True(code == 0, output);
        var expected = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(folder.Of("expected"), TestContext.Current.CancellationToken)).ToArray();

        var package = Assert.Single(Encoders.LoadSigned(folder.Of("package")).Packages);
        using (var session = FusionSession.Open(package, Encoders.Options(), SyntheticPatient.CancerType))
        {
            var (size, largest) = (session.Card.Input.Size, 0.0);
            for (var n = 0; n < Inputs; n++)
            {
                var words = GoldenInput.Floats(2 * size, (uint)n);
                if (n < 2) { Array.Fill(words, n); }
                var (logits, _) = session.Run(words[..size], words[size..], (n % 3) switch { 0 => [1, 1], 1 => [1, 0], _ => [0, 1] }, 1);
                for (var label = 0; label < 3; label++) { largest = Math.Max(largest, Math.Abs((double)logits[label] - expected[(3 * n) + label])); }
            }
            Assert.InRange(largest, 0, 1e-5);
        }

        await File.AppendAllTextAsync(package.ModelPath, "x", TestContext.Current.CancellationToken);
        Assert.Equal("encoder-altered", Assert.Throws<UnusableEncoderException>(() => FusionSession.Open(package, Encoders.Options(), SyntheticPatient.CancerType)).Code);
    }

    [Fact]
    public void ShippedFusion_IsThatOfTheShippedEncoders_AndOfNoOther()
    {
        var catalogue = EncoderCatalogue.Load([Encoders.Folder], CardTrust.ShippedOnly);
        var (lesion, tile) = (catalogue.Find("lesion-synthetic")!.Card, catalogue.Find("tile-synthetic")!.Card);
        var fusion = catalogue.Fusion(lesion.Sha256, tile.Sha256, SyntheticPatient.CancerType);
        Assert.Equal("fusion-synthetic", fusion!.Card.Id);
        Assert.Null(catalogue.Fusion(tile.Sha256, lesion.Sha256, SyntheticPatient.CancerType));
        Assert.Null(catalogue.Fusion(lesion.Sha256, tile.Sha256, "prostate"));
        Assert.DoesNotContain(catalogue.Encoders, package => package.Card.Modality == EncoderCard.Fusion);
    }

    [Fact]
    public async Task Case_WithBothLabels_TellsTheFusedOneWithTheSecond()
    {
        var patient = SyntheticPatient.Draw(17, 3);
        var (volume, mask) = DatasetWriter.Scan(patient, new SyntheticLesion(patient.Seed, patient.Lesion, new(0, 0, 0)));
        await host.Say(new SlideTiled
        {
            CaseId = "synthetic-fused", SlideId = "tiles-9", InputHash = "slide-1", MicronsPerPixel = 0.5, TissueTiles = 9, TileSize = 64, At = DateTimeOffset.UnixEpoch,
        });
        Assert.Null((await host.Heard.Next<PathologyLabelled>("synthetic-fused")).Fused);
        await host.Say(FeatureHost.Stored("synthetic-fused", await host.Put(s => NrrdFile.Write(s, volume)), await host.Put(s => NrrdFile.Write(s, mask))));
        var fused = (await host.Heard.Next<ImagingLabelled>("synthetic-fused")).Fused;
        Assert.NotNull(fused);
        Assert.Equal(("hash-1", "slide-1", "fusion-synthetic", true), (fused.ImagingHash, fused.PathologyHash, fused.Label.EncoderId, fused.Label.Synthetic));
        // The tiles of this slide are noise: what is withheld from one strand is withheld from both.
        Assert.Contains("outside the range", fused.Label.Withheld, StringComparison.Ordinal);
        Assert.NotEqual(fused.WithoutImaging, fused.WithoutPathology);
        Assert.All([fused.ImagingGate, fused.PathologyGate], gate => Assert.InRange(gate, 0, 1));
    }
}
