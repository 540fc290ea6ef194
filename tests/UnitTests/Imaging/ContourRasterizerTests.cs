using BoneMet.Imaging.Volumes;
using FsCheck.Xunit;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

public sealed class ContourRasterizerTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var patient in (string[])["sarcoma-002", "sarcoma-008", "sarcoma-019", "sarcoma-025"])
        {
            foreach (var modality in (string[])["CT", "MR_T1", "PET"]) { data.Add(patient, modality); }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rasterize_RealContours_EqualTheReferenceMask(string patient, string modality)
    {
        var expected = Nifti.ReadMask(TestData.Require($"cases/{patient}/nifti/{modality}_mask.nii.gz"));
        var contours = DicomBytes.Contours(TestData.Require($"cases/{patient}/dicom/{modality}/mask/RS.dcm"));
        var grid = DicomBytes.AxialGrid(TestData.Require($"cases/{patient}/dicom/{modality}/image"), expected.Grid.SizeI, expected.Grid.SizeJ);

        var mask = ContourRasterizer.Rasterize(contours, grid);

        Assert.True(grid.Coincides(expected.Grid, 0.1));
        Assert.True(expected.Count > 100);
        Assert.Equal(0, Differences(expected, mask));
    }

    [Fact]
    public void Rasterize_SquareWithInnerSquare_CutsAHole()
    {
        var grid = Grid.Aligned(10, 10, 1, new(1, 1, 1), new(0, 0, 0));
        var mask = ContourRasterizer.Rasterize([Square(0.5, 8.5, 0), Square(2.5, 5.5, 0)], grid);
        Assert.Equal(64 - 9, mask.Count);
        Assert.False(mask[4, 4, 0]);
        Assert.True(mask[1, 1, 0]);
    }

    [Fact]
    public void Rasterize_ContourDrawnTwice_CountsOnce()
    {
        var grid = Grid.Aligned(10, 10, 1, new(1, 1, 1), new(0, 0, 0));
        Assert.Equal(64, ContourRasterizer.Rasterize([Square(0.5, 8.5, 0), Square(0.5, 8.5, 0)], grid).Count);
    }

    [Fact]
    public void Rasterize_TwoPlanesForOneSlice_TheNearerWins()
    {
        var grid = Grid.Aligned(10, 10, 3, new(1, 1, 3), new(0, 0, 0));
        var mask = ContourRasterizer.Rasterize([Square(0.5, 2.5, 4.2), Square(0.5, 8.5, 3.1)], grid);
        Assert.Equal(64, mask.Count);
        Assert.True(mask[8, 8, 1]);
    }

    [Theory]
    [InlineData(0.5, 8.5, 100.0, "covers no voxel centre")]
    [InlineData(0.6, 0.9, 0.0, "covers no voxel centre")]
    public void Rasterize_RegionThatMissesTheGrid_IsRefused(double low, double high, double z, string reason)
    {
        var grid = Grid.Aligned(10, 10, 1, new(1, 1, 1), new(0, 0, 0));
        Assert.Contains(reason, Assert.Throws<VolumeException>(() => ContourRasterizer.Rasterize([Square(low, high, z)], grid)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rasterize_ContourAcrossSlices_IsRefusedByNumber()
    {
        var grid = Grid.Aligned(10, 10, 5, new(1, 1, 1), new(0, 0, 0));
        var tilted = new Contour([new(1, 1, 0), new(8, 1, 0), new(8, 8, 3)]);
        Assert.Contains("contour 2", Assert.Throws<VolumeException>(() => ContourRasterizer.Rasterize([Square(0, 5, 1), tilted], grid)).Message, StringComparison.Ordinal);
    }

    /// <summary>An oblique grid sees the same region as an upright one when the contour turns with it.</summary>
    [Property(MaxTest = 60)]
    public bool Rasterize_TurnedWithItsGrid_GivesTheSameMask(byte turn, byte size)
    {
        var angle = turn * Math.PI / 128;
        Point3 Turn(Point3 p) => new((p.X * Math.Cos(angle)) - (p.Y * Math.Sin(angle)), (p.X * Math.Sin(angle)) + (p.Y * Math.Cos(angle)), p.Z);
        var upright = Grid.Aligned(20, 20, 2, new(0.7, 1.3, 2), new(-3, 4, 5));
        var turned = new Grid(20, 20, 2, upright.Spacing, Turn(upright.Origin), Turn(new(1, 0, 0)), Turn(new(0, 1, 0)), new(0, 0, 1));
        var radius = 2.01 + (size % 4);
        var circle = Enumerable.Range(0, 31).Select(n => new Point3(3.3 + (radius * Math.Cos(n * Math.Tau / 31)), 15.1 + (radius * Math.Sin(n * Math.Tau / 31)), 7)).ToArray();
        var a = ContourRasterizer.Rasterize([new(circle)], upright);
        var b = ContourRasterizer.Rasterize([new([.. circle.Select(Turn)])], turned);
        return a.Count > 0 && Differences(a, b) == 0;
    }

    /// <summary>Two regions that share an edge own each voxel of their union once, also when the edge runs through voxel centres.</summary>
    [Property(MaxTest = 100)]
    public bool Rasterize_TwoRegionsWithACommonEdge_DivideTheVoxels(byte a, byte b)
    {
        var grid = Grid.Aligned(17, 17, 1, new(1, 1, 1), new(0, 0, 0));
        var (top, bottom) = (1 + (a % 15), 1 + (b % 15));
        var left = ContourRasterizer.Rasterize([new([new(0, 0, 0), new(top, 0, 0), new(bottom, 16, 0), new(0, 16, 0)])], grid);
        var right = ContourRasterizer.Rasterize([new([new(top, 0, 0), new(16, 0, 0), new(16, 16, 0), new(bottom, 16, 0)])], grid);
        var whole = ContourRasterizer.Rasterize([new([new(0, 0, 0), new(16, 0, 0), new(16, 16, 0), new(0, 16, 0)])], grid);
        return Enumerable.Range(0, grid.Count).All(n => (left[n] ^ right[n]) == whole[n] && !(left[n] && right[n]));
    }

    private static Contour Square(double low, double high, double z) => new([new(low, low, z), new(high, low, z), new(high, high, z), new(low, high, z)]);

    private static int Differences(Mask a, Mask b)
    {
        Assert.Equal(a.Voxels.Length, b.Voxels.Length);
        return Enumerable.Range(0, a.Voxels.Length).Count(n => a[n] != b[n]);
    }
}
