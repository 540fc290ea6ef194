using BoneMet.Imaging.Volumes;
using FsCheck.Xunit;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

public sealed class VolumeTests
{
    [Property(MaxTest = 100)]
    public bool Grid_IndexToWorldAndBack_IsTheIdentity(double angle, sbyte i, sbyte j, sbyte k)
    {
        var turn = double.IsFinite(angle) ? angle % 3 : 0.5;
        var grid = new Grid(9, 8, 7, new(0.5, 0.7, 3.3), new(100, -200, 50), new(Math.Cos(turn), 0, Math.Sin(turn)), new(0, 1, 0), new(-Math.Sin(turn), 0, Math.Cos(turn)));
        var back = grid.ToIndex(grid.ToWorld(i, j, k));
        return (back - new Point3(i, j, k)).Length() < 1e-9;
    }

    /// <summary>Trilinear interpolation reproduces a linear function exactly, on any grid inside, whatever the turn of the source.</summary>
    [Property(MaxTest = 60)]
    public bool Trilinear_OfALinearRamp_IsTheRamp(byte turn, sbyte shift)
    {
        var angle = turn * Math.PI / 128;
        var source = new Grid(20, 20, 20, new(1.1, 0.9, 1.3), new(-12, 8, 3), new(Math.Cos(angle), Math.Sin(angle), 0), new(-Math.Sin(angle), Math.Cos(angle), 0), new(0, 0, 1));
        double Ramp(Point3 p) => (3 * p.X) - (2 * p.Y) + (0.5 * p.Z) + 7;
        var voxels = new float[source.Count];
        for (var n = 0; n < voxels.Length; n++) { voxels[n] = (float)Ramp(source.ToWorld(n % 20, n / 20 % 20, n / 400)); }
        var centre = source.Centre + new Point3(shift / 128.0, 0, -shift / 128.0);
        var cube = LesionCube.Crop(new Volume(source, voxels), centre, 6, 0.8);
        for (var n = 0; n < cube.Grid.Count; n++)
        {
            if (Math.Abs(cube[n] - Ramp(cube.Grid.ToWorld(n % 6, n / 6 % 6, n / 36))) > 1e-3) { return false; }
        }
        return true;
    }

    [Fact]
    public void Trilinear_OnItsOwnGrid_IsTheVolumeToTheBit()
    {
        var random = new Random(3);
        var grid = Grid.Aligned(9, 7, 5, new(0.977, 0.977, 3.27), new(-100.5, 33.25, -700));
        var volume = new Volume(grid, [.. Enumerable.Range(0, grid.Count).Select(_ => (short)random.Next(-1000, 3000))]);
        var same = Resampler.Trilinear(volume, grid, 0);
        for (var n = 0; n < grid.Count; n++) { Assert.Equal(volume[n], same[n], 0.01f); }
    }

    [Fact]
    public void Crop_AtTheEdgeOfTheScan_IsFilledWithAir()
    {
        var volume = new Volume(Grid.Aligned(10, 10, 10, new(1, 1, 1), new(0, 0, 0)), Enumerable.Repeat((short)40, 1000).ToArray());
        var cube = LesionCube.Crop(volume, new Point3(0, 0, 0), 8, 1);
        Assert.Equal(LesionCube.Air, cube[0, 0, 0]);
        Assert.Equal(40, cube[7, 7, 7]);
    }

    [Fact]
    public void Crop_AroundAPointOutside_IsRefused() =>
        Assert.Throws<VolumeException>(() => LesionCube.Crop(new Volume(Grid.Aligned(2, 2, 2, new(1, 1, 1), new(0, 0, 0)), new short[8]), new Point3(50, 0, 0)));

    [Fact]
    public void Mask_OfARealCase_HasTheExtentOfItsVoxels()
    {
        var mask = Nifti.ReadMask(TestData.Require("cases/sarcoma-008/nifti/CT_mask.nii.gz"));
        var bounds = mask.Bounds()!.Value;
        Assert.Equal(8862, mask.Count);
        Assert.Equal(19, bounds.LastK - bounds.FirstK + 1);
        Assert.True(mask.Grid.Contains(mask.Centroid()!.Value));
        Assert.Equal(mask.Count, Resampler.Nearest(mask, mask.Grid).Count);
    }

    [Fact]
    public void Nearest_OntoAFinerGrid_KeepsTheVolume()
    {
        var mask = Nifti.ReadMask(TestData.Require("cases/sarcoma-008/nifti/CT_mask.nii.gz"));
        var fine = Resampler.Nearest(mask, LesionCube.GridAround(mask.Centroid()!.Value, 128, 1.0));
        Assert.InRange(fine.VolumeMm3 / mask.VolumeMm3, 0.95, 1.05);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-1, 1, 1)]
    [InlineData(100_000, 100_000, 100_000)]
    public void Grid_OfImpossibleSize_IsRefused(int i, int j, int k) =>
        Assert.Throws<VolumeException>(() => Grid.Aligned(i, j, k, new(1, 1, 1), new(0, 0, 0)));

    [Fact]
    public void Mask_WithoutVoxels_HasNeitherCentroidNorBounds()
    {
        var mask = new Mask(Grid.Aligned(2, 2, 2, new(1, 1, 1), new(0, 0, 0)), new byte[8]);
        Assert.Null(mask.Centroid());
        Assert.Null(mask.Bounds());
    }
}
