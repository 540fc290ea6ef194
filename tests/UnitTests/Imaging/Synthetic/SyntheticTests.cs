using BoneMet.Imaging.Inputs;
using BoneMet.Imaging.Pictures;
using BoneMet.Imaging.Synthetic;
using BoneMet.Imaging.Volumes;
using Xunit;

namespace BoneMet.UnitTests.Imaging.Synthetic;

public sealed class SyntheticTests
{
    private static readonly Grid Field = Grid.Aligned(64, 64, 64, new(1.5, 1.5, 1.5), new(-47.25, -47.25, -47.25));

    [Fact]
    public void Lesion_Mask_HasTheVolumeOfItsMargin()
    {
        var lesion = new SyntheticLesion(3, new(18, 0.5, 0.5, 0.5), new(0, 0, 0));
        var (_, mask) = lesion.Render(Field);
        Assert.Equal(lesion.Shape().VolumeMm3, mask.VolumeMm3, lesion.Shape().VolumeMm3 * 0.03);
    }

    [Fact]
    public void Lesion_Smooth_IsRounderThanSpiculated()
    {
        var smooth = new SyntheticLesion(3, new(18, 0, 0.5, 0.5), new(0, 0, 0)).Shape().Sphericity;
        var spiculated = new SyntheticLesion(3, new(18, 1, 0.5, 0.5), new(0, 0, 0)).Shape().Sphericity;
        Assert.InRange(smooth, 0.98, 1.0);
        Assert.True(spiculated < smooth - 0.05);
    }

    [Fact]
    public void Lesion_SameSeed_SameVoxels()
    {
        var first = new SyntheticLesion(3, new(18, 0.5, 0.5, 0.5), new(0, 0, 0)).Render(Field, 40).Volume;
        var second = new SyntheticLesion(3, new(18, 0.5, 0.5, 0.5), new(0, 0, 0)).Render(Field, 40).Volume;
        Assert.True(first.Shorts.SequenceEqual(second.Shorts));
        Assert.True(first[0, 0, 0] < -900);
    }

    [Fact]
    public void Tissue_RenderedInParts_FitsTogether()
    {
        var tissue = new SyntheticTissue(5, new(4, 3000));
        var (whole, part) = (new byte[128 * 128 * 3], new byte[64 * 64 * 3]);
        tissue.Render(0, 0, 128, 0.5, whole);
        tissue.Render(32, 32, 64, 0.5, part);
        for (var row = 0; row < 64; row++)
        {
            Assert.True(whole.AsSpan((((row + 64) * 128) + 64) * 3, 64 * 3).SequenceEqual(part.AsSpan(row * 64 * 3, 64 * 3)));
        }
    }

    [Fact]
    public void Patients_ManyOfASeed_HaveTheOutcomeRateOfTheirLogOdds()
    {
        var (expected, events) = (0.0, 0);
        const int Count = 20_000;
        for (var n = 0; n < Count; n++)
        {
            var patient = SyntheticPatient.Draw(99, n);
            expected += 1 / (1 + Math.Exp(-patient.LogOdds));
            if (patient.Outcome) { events++; }
        }
        Assert.Equal(expected / Count, events / (double)Count, 0.01);
    }

    [Fact]
    public void Cube_Windows_AreScaledAndClipped()
    {
        var grid = Grid.Aligned(8, 8, 8, new(1, 1, 1), new(0, 0, 0));
        var voxels = new short[512];
        Array.Fill(voxels, (short)40);
        var cube = new float[2 * 64];
        CubeInput.Read(new Volume(grid, voxels), new(3.5, 3.5, 3.5), 4, 1, [new(-160, 240), new(100, 200)], -1024, cube);
        Assert.All(cube[..64], value => Assert.Equal(0.5f, value, 5));
        Assert.All(cube[64..], value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Png_OfOnePixel_HasTheKnownBytesAroundItsData()
    {
        var file = PngFile.Encode([1, 2, 3], 1, 1);
        // Signature, IHDR and its CRC for 1 × 1, 8 bits, RGB: as every encoder writes them.
        Assert.Equal("89504E470D0A1A0A0000000D4948445200000001000000010802000000907753DE", Convert.ToHexString(file[..33]));
        Assert.Equal("0000000049454E44AE426082", Convert.ToHexString(file[^12..]));
    }
}
