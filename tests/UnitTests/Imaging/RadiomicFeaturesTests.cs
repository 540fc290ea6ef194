using System.Globalization;
using BoneMet.Imaging.Radiomics;
using BoneMet.Imaging.Volumes;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

public sealed class RadiomicFeaturesTests
{
    private static readonly RadiomicOptions s_phantom = new() { Discretisation = Discretisation.None };

    /// <summary>IBSI 1, configuration "digital phantom": every consensus value, with IBSI's own rule of agreement.</summary>
    [Fact]
    public void Compute_DigitalPhantom_GivesEveryConsensusValue()
    {
        var features = Phantom().ToDictionary(feature => feature.Tag, feature => feature.Value);
        var (wrong, compared) = (new List<string>(), 0);
        foreach (var line in File.ReadLines(TestData.Require("radiomics/ibsi_1_reference/ibsi_1_dig_phantom.csv")).Skip(1))
        {
            var fields = line.Split(';');
            if (fields[0].Length == 0) { continue; }
            compared++;
            var (reference, tolerance) = (double.Parse(fields[0], CultureInfo.InvariantCulture), double.Parse(fields[1], CultureInfo.InvariantCulture));
            if (!features.TryGetValue(fields[2], out var value)) { wrong.Add($"{fields[2]} is not computed"); }
            else if (!(Math.Abs(Rounded(value, fields[0]) - reference) <= tolerance + (1e-9 * Math.Abs(reference)))) { wrong.Add($"{fields[2]}: {value:R}, not {fields[0]} ± {fields[1]}"); }
        }
        Assert.True(compared >= 482, $"{compared} values");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {compared} differ:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Compute_OtherPreparation_GivesOtherNames()
    {
        var (volume, mask) = Ball(6);
        var one = RadiomicFeatures.Compute(volume, mask, RadiomicOptions.Ct);
        var other = RadiomicFeatures.Compute(volume, mask, RadiomicOptions.Ct with { BinSize = 20 });
        Assert.Equal(one.Select(feature => feature.Tag), other.Select(feature => feature.Tag));
        Assert.Empty(one.Select(feature => feature.Name).Intersect(other.Select(feature => feature.Name)));
        Assert.Equal(one, RadiomicFeatures.Compute(volume, mask, RadiomicOptions.Ct));
    }

    [Fact]
    public void Compute_Ball_HasTheShapeOfASphere()
    {
        var (volume, mask) = Ball(14);
        var shape = RadiomicFeatures.Compute(volume, mask, new() { Aggregations = Aggregations.None }).ToDictionary(feature => feature.Tag, feature => feature.Value);
        var ideal = 4 / 3.0 * Math.PI * 14 * 14 * 14;
        Assert.Equal(1, shape["morph_volume"] / ideal, 0.03);
        Assert.InRange(shape["morph_sphericity"], 0.9, 1);
        Assert.Equal(1, shape["morph_pca_flatness"], 0.01);
        Assert.InRange(shape["morph_vol_dens_conv_hull"], 0.95, 1);
        Assert.Equal(29, shape["morph_diam"], 0.01);
        // the ellipsoid of 2 √λ is the ball shrunk by √0.8, and steps of voxels make a surface about 8 % larger
        Assert.InRange(shape["morph_area_dens_aee"], 1.25, 1.4);
    }

    [Fact]
    public void Compute_OneVoxel_HasNoTextureButNoError()
    {
        var volume = new Volume(Grid.Aligned(3, 3, 3, new(1, 1, 1), new(0, 0, 0)), Enumerable.Range(1, 27).Select(n => (float)n).ToArray());
        var voxels = new byte[27];
        voxels[13] = 1;
        var features = RadiomicFeatures.Compute(volume, new Mask(volume.Grid, voxels), s_phantom).ToDictionary(feature => feature.Tag, feature => feature.Value);
        Assert.Equal(14, features["stat_mean"]);
        Assert.Equal(double.NaN, features["cm_corr_3D_comb"]);
        Assert.Equal(1, features["szm_z_perc_3D"]);
    }

    [Fact]
    public void Compute_RegionElsewhere_IsRefused()
    {
        var (volume, _) = Ball(4);
        var elsewhere = Grid.Aligned(3, 3, 3, new(1, 1, 1), new(0, 0, 0));
        Assert.Throws<VolumeException>(() => RadiomicFeatures.Compute(volume, new Mask(elsewhere, new byte[27]), s_phantom));
        Assert.Throws<VolumeException>(() => RadiomicFeatures.Compute(volume, new Mask(volume.Grid, new byte[volume.Grid.Count]), s_phantom));
    }

    [Fact]
    public void Compute_RealLesion_IsQuickEnoughAndFinite()
    {
        var volume = Nifti.Read(TestData.Require("cases/sarcoma-008/nifti/CT_image.nii.gz"));
        var mask = Nifti.ReadMask(TestData.Require("cases/sarcoma-008/nifti/CT_mask.nii.gz"));
        var features = RadiomicFeatures.Compute(volume, mask, RadiomicOptions.Ct).ToDictionary(feature => feature.Tag, feature => feature.Value);
        Assert.Equal(mask.VolumeMm3, features["morph_volume"], 0.05 * mask.VolumeMm3);
        Assert.All(features.Where(feature => !feature.Key.Contains("moran", StringComparison.Ordinal) && !feature.Key.Contains("geary", StringComparison.Ordinal)), feature => Assert.True(double.IsFinite(feature.Value), feature.Key));
    }

    private static IReadOnlyList<RadiomicFeature> Phantom() => RadiomicFeatures.Compute(
        Nifti.Read(TestData.Require("radiomics/ibsi_1_digital_phantom/nifti/image/phantom.nii.gz")), Nifti.ReadMask(TestData.Require("radiomics/ibsi_1_digital_phantom/nifti/mask/mask.nii.gz")), s_phantom);

    private static (Volume Volume, Mask Mask) Ball(int radius)
    {
        var edge = (2 * radius) + 5;
        var grid = Grid.Aligned(edge, edge, edge, new(1, 1, 1), new(-radius - 2, -radius - 2, -radius - 2));
        var (voxels, mask) = (new short[grid.Count], new byte[grid.Count]);
        for (var n = 0; n < grid.Count; n++)
        {
            voxels[n] = (short)(n * 7 % 91);
            mask[n] = grid.ToWorld(n % edge, n / edge % edge, n / (edge * edge)).Length() <= radius ? (byte)1 : (byte)0;
        }
        return (new(grid, voxels), new(grid, mask));
    }

    /// <summary>The value with as many significant digits as the reference is printed with.</summary>
    private static double Rounded(double value, string reference)
    {
        var mantissa = reference.Split('e', 'E')[0];
        var digits = mantissa.Where(char.IsAsciiDigit).SkipWhile(c => c == '0').Count();
        if (!mantissa.Contains('.', StringComparison.Ordinal) && digits > 3) { digits = mantissa.TrimStart('-').TrimEnd('0').Length; }
        return double.IsFinite(value) && value != 0 ? double.Parse(value.ToString($"E{Math.Max(0, Math.Max(digits, 1) - 1)}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
    }
}
