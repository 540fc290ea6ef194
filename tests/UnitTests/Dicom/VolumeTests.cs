using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

public sealed class VolumeTests
{
    [Fact]
    public void Volume_OfShuffledSlices_IsOrderedByPosition()
    {
        var volume = Series([4, 0, 2, 1, 3]).ToVolume();
        Assert.Equal((3, 2, 5), (volume.Columns, volume.Rows, volume.Slices));
        Assert.Equal((0.5, 0.75, 2.5), volume.Spacing);
        Assert.Equal((-10.0, -20.0, 100.0), volume.Origin);
        for (var k = 0; k < 5; k++) { Assert.Equal((k * 2) - 1000f, volume.Voxels[k * 6]); }
    }

    [Fact]
    public void Volume_OfFeetFirstOrder_HasANormalThatGrows()
    {
        var volume = Series([0, 1, 2], orientation: [1, 0, 0, 0, -1, 0]).ToVolume();
        Assert.Equal(-1, volume.AxisSlice.Z);
        Assert.Equal(105, volume.Origin.Z);
    }

    [Fact]
    public void Volume_WithAMissingSlice_NamesTheGap() => Assert.Equal("gap", Fault(Series([0, 1, 3, 4, 5])));

    [Fact]
    public void Volume_WithTheSameSliceTwice_LeavesItOut() =>
        Assert.Contains("duplicate", Assert.Single(Series([0, 1, 1, 2], distinct: true).ToVolume().Findings), StringComparison.Ordinal);

    [Fact]
    public void Volume_WithTwoPhasesAtOnePlace_NamesTheConflict() => Assert.Equal("conflicting-duplicates", Fault(Series([0, 1, 2], extra: Slice(1, 7))));

    [Fact]
    public void Volume_WithTwoOrientations_NamesThem() => Assert.Equal("mixed-orientation", Fault(Series([0, 1, 2], extra: Slice(3, 0, orientation: [0, 1, 0, 0, 0, -1]))));

    [Fact]
    public void Volume_WithATiltedGantry_NamesTheAngle() => Assert.Equal("gantry-tilt", Fault(Series([0, 1, 2, 3], tilt: 0.7)));

    [Fact]
    public void Volume_WithTwoSizes_NamesThem() => Assert.Equal("mixed-size", Fault(Series([0, 1, 2], extra: Slice(3, 0, columns: 4))));

    [Fact]
    public void Volume_WithoutPositions_SaysSo()
    {
        var slice = Slice(0, 0);
        slice.Remove(DicomTag.ImagePositionPatient);
        Assert.Equal("no-geometry", Fault(DicomSeries.Group([new DicomFile(slice)])[0]));
    }

    [Fact]
    public void StructureSet_OfARealCase_HasItsContours()
    {
        var folder = TestData.Require("cases");
        var found = Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories).Select(path => DicomFile.Open(path)).Where(file => RtStructureSet.Is(file.Dataset)).Select(file => RtStructureSet.Read(file.Dataset)).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, set => Assert.Contains(set.Rois, roi => roi.Name.Contains("GTV", StringComparison.OrdinalIgnoreCase) && roi.Contours.Count > 0));
    }

    [Fact]
    public void Segmentation_OfThreeFrames_HasPlacesAndSegments()
    {
        var segmentation = Segmentation.Read(DicomFile.Open(TestData.Require("dicom/highdicom/seg_image_ct_binary.dcm")));
        Assert.Equal("BINARY", segmentation.Type);
        Assert.Equal(3, segmentation.Frames.Count);
        Assert.All(segmentation.Frames, frame => Assert.Equal(segmentation.Columns * segmentation.Rows, frame.Mask.Length));
        Assert.Contains(segmentation.Frames, frame => frame.Mask.Contains(1f));
        Assert.NotEmpty(segmentation.Segments);
    }

    private static string Fault(DicomSeries series) => Assert.Throws<DicomVolumeException>(() => series.ToVolume()).Code;

    private static DicomSeries Series(int[] order, double[]? orientation = null, double tilt = 0, bool distinct = false, DicomDataset? extra = null)
    {
        var files = order.Select((k, i) => new DicomFile(Slice(k, 0, orientation, tilt, uid: distinct ? $"1.2.{i}" : null))).ToList();
        if (extra is not null) { files.Add(new DicomFile(extra)); }
        return Assert.Single(DicomSeries.Group(files));
    }

    private static DicomDataset Slice(int k, int added, double[]? orientation = null, double tilt = 0, int columns = 3, string? uid = null)
    {
        var pixels = new byte[columns * 2 * 2];
        for (var i = 0; i < pixels.Length; i += 2) { pixels[i] = (byte)(k + added); }
        return new DicomDataset()
            .AddOrUpdate(DicomTag.SOPInstanceUID, uid ?? $"1.2.3.{k}.{added}.{columns}").AddOrUpdate(DicomTag.SeriesInstanceUID, "1.2.9").AddOrUpdate(DicomTag.Modality, "CT")
            .AddOrUpdate(DicomTag.Rows, (ushort)2).AddOrUpdate(DicomTag.Columns, (ushort)columns).AddOrUpdate(DicomTag.BitsAllocated, (ushort)16).AddOrUpdate(DicomTag.BitsStored, (ushort)16)
            .AddOrUpdate(DicomTag.HighBit, (ushort)15).AddOrUpdate(DicomTag.PixelRepresentation, (ushort)1).AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1).AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2")
            .AddOrUpdate(DicomTag.PixelSpacing, 0.75, 0.5).AddOrUpdate(DicomTag.ImagePositionPatient, -10.0, -20.0 + (tilt * k), 100.0 + (2.5 * k))
            .AddOrUpdate(DicomTag.ImageOrientationPatient, (orientation ?? [1, 0, 0, 0, 1, 0]).AsSpan()).AddOrUpdate(DicomTag.RescaleSlope, 2.0).AddOrUpdate(DicomTag.RescaleIntercept, -1000.0)
            .AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, pixels));
    }
}
