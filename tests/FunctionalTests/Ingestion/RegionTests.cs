using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BoneMet.Contracts.Events;
using BoneMet.Dicom;
using BoneMet.Imaging.Volumes;
using BoneMet.Storage;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BoneMet.FunctionalTests.Ingestion;

/// <summary>Regions that are sent along: all listed, the primary lesion chosen by its label or by the submitter, rasterised on the volume's own grid.</summary>
public sealed class RegionTests(IngestionHost host) : IClassFixture<IngestionHost>
{
    private const int Slices = 6;
    private const string Study = "1.2.3.3";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "GTV_Mass", 128)]
    [InlineData("?roi=name:Lung", "Lung", 25)]
    public async Task Structures_Several_AreListed_AndOneIsTheLesion(string query, string chosen, int voxels)
    {
        var (stored, regions) = await Upload($"rt{query.Length}", Structures(("GTV_Mass", [Square(-4.5, 3.5, 9), Square(-4.5, 3.5, 12)]), ("Lung", [Square(5.5, 10.5, 6)])), query);
        Assert.Equal(chosen, stored.RegionName);
        Assert.Equal(voxels, (await Mask(stored)).Count);
        Assert.Equal(["GTV_Mass", "Lung"], regions.Select(region => (string)region!["name"]!).Order());
        Assert.Equal(chosen, (string)Assert.Single(regions, region => (bool)region!["chosen"]!)!["name"]!);
    }

    [Theory]
    [InlineData("", "Tumor primary", 9)]
    [InlineData("?roi=name:Lung", "Lung", 12)]
    public async Task Segmentation_CoarserThanTheVolume_IsResampledToIt(string query, string chosen, int z)
    {
        var (stored, regions) = await Upload($"seg{query.Length}", Segments("Tumor primary", "Lung"), query);
        Assert.Equal(chosen, stored.RegionName);
        Assert.Equal(2, regions.Count);
        // Four by three voxels of 2 mm are eight by six of 1 mm, in the one slice that the frame lies in.
        var mask = await Mask(stored);
        Assert.Equal(48, mask.Count);
        var centroid = mask.Centroid()!.Value;
        Assert.Equal((-23.5 + (2 * 11.5), -15.5 + (2 * 7), z), (centroid.X, centroid.Y, centroid.Z));
    }

    private async Task<(ImagingStored Stored, JsonArray Regions)> Upload(string caseId, byte[] region, string query)
    {
        using var content = new ByteArrayContent(TestSeries.Zip([.. Enumerable.Range(0, Slices).Select(n => ($"{n}.dcm", TestSeries.Slice(n))), ("region.dcm", region)]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        var response = await host.Http.PostAsync($"/api/v1/cases/{caseId}/images{query}", content, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        await host.Heard.Next<ImagesReceived>(caseId);
        var stored = await host.Heard.Next<ImagingStored>(caseId);
        return (stored, (await host.Http.GetFromJsonAsync<JsonObject>($"/api/v1/cases/{caseId}/images", Cancellation))!["regions"]!.AsArray());
    }

    private async Task<Mask> Mask(ImagingStored stored)
    {
        await using var blob = await host.Services.GetRequiredService<IBlobStore>().Open(stored.Mask!, Cancellation);
        return NrrdFile.ReadMask(blob!);
    }

    private static double[] Square(double low, double high, double z) => [low, low, z, high, low, z, high, high, z, low, high, z];

    private static byte[] Structures(params (string Name, double[][] Contours)[] regions)
    {
        var dataset = Common("1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT", "8");
        var numbered = regions.Select((region, n) => (Number: n + 1, region.Name, region.Contours)).ToList();
        dataset.AddOrUpdate(new DicomSequence(DicomTag.StructureSetROISequence, [.. numbered.Select(region => new DicomDataset().AddOrUpdate(DicomTag.ROINumber, region.Number).AddOrUpdate(DicomTag.ROIName, region.Name))]));
        dataset.AddOrUpdate(new DicomSequence(DicomTag.ROIContourSequence, [.. numbered.Select(region => new DicomDataset()
            .AddOrUpdate(DicomTag.ReferencedROINumber, region.Number)
            .AddOrUpdate(new DicomSequence(DicomTag.ContourSequence, [.. region.Contours.Select(points => new DicomDataset()
                .AddOrUpdate(DicomTag.ContourGeometricType, "CLOSED_PLANAR").AddOrUpdate(DicomTag.NumberOfContourPoints, points.Length / 3).AddOrUpdate<double>(DicomTag.ContourData, points))])))]));
        return Save(dataset);
    }

    /// <summary>Two segments of single bits, whose frames do not end on a byte, on a grid of 2 mm: the same block in two slices.</summary>
    private static byte[] Segments(params string[] labels)
    {
        const int Rows = 15;
        const int Columns = 23;
        var dataset = Common("1.2.840.10008.5.1.4.1.1.66.4", "SEG", "9");
        dataset.AddOrUpdate(DicomTag.SegmentationType, "BINARY").AddOrUpdate(DicomTag.NumberOfFrames, labels.Length).AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1).AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2")
            .AddOrUpdate(DicomTag.Rows, (ushort)Rows).AddOrUpdate(DicomTag.Columns, (ushort)Columns).AddOrUpdate(DicomTag.BitsAllocated, (ushort)1).AddOrUpdate(DicomTag.BitsStored, (ushort)1)
            .AddOrUpdate(DicomTag.HighBit, (ushort)0).AddOrUpdate(DicomTag.PixelRepresentation, (ushort)0);
        dataset.AddOrUpdate(new DicomSequence(DicomTag.SegmentSequence, [.. labels.Select((label, n) => new DicomDataset().AddOrUpdate(DicomTag.SegmentNumber, (ushort)(n + 1)).AddOrUpdate(DicomTag.SegmentLabel, label))]));
        dataset.AddOrUpdate(new DicomSequence(DicomTag.SharedFunctionalGroupsSequence, new DicomDataset()
            .AddOrUpdate(new DicomSequence(DicomTag.PlaneOrientationSequence, new DicomDataset().AddOrUpdate(DicomTag.ImageOrientationPatient, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)))
            .AddOrUpdate(new DicomSequence(DicomTag.PixelMeasuresSequence, new DicomDataset().AddOrUpdate(DicomTag.PixelSpacing, 2.0, 2.0).AddOrUpdate(DicomTag.SliceThickness, 3.0).AddOrUpdate(DicomTag.SpacingBetweenSlices, 3.0)))));
        dataset.AddOrUpdate(new DicomSequence(DicomTag.PerFrameFunctionalGroupsSequence, [.. labels.Select((_, n) => new DicomDataset()
            .AddOrUpdate(new DicomSequence(DicomTag.PlanePositionSequence, new DicomDataset().AddOrUpdate(DicomTag.ImagePositionPatient, -23.5, -15.5, 9.0 + (3 * n))))
            .AddOrUpdate(new DicomSequence(DicomTag.SegmentIdentificationSequence, new DicomDataset().AddOrUpdate(DicomTag.ReferencedSegmentNumber, (ushort)(n + 1)))))]));
        var bits = new int[Rows * Columns * labels.Length];
        for (var n = 0; n < labels.Length; n++)
        {
            for (var j = 6; j < 9; j++) { for (var i = 10; i < 14; i++) { bits[(n * Rows * Columns) + (j * Columns) + i] = 1; } }
        }
        var packed = new DicomFrame(Columns, Rows * labels.Length, 1, "MONOCHROME2", bits).ToNative(1);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OB, [.. packed, .. new byte[packed.Length % 2]]));
        return Save(dataset);
    }

    private static DicomDataset Common(string sopClass, string modality, string series) => new DicomDataset()
        .AddOrUpdate(DicomTag.SOPClassUID, sopClass).AddOrUpdate(DicomTag.SOPInstanceUID, $"{Study}.{series}.1").AddOrUpdate(DicomTag.StudyInstanceUID, Study).AddOrUpdate(DicomTag.SeriesInstanceUID, $"{Study}.{series}")
        .AddOrUpdate(DicomTag.FrameOfReferenceUID, $"{Study}.99").AddOrUpdate(DicomTag.Modality, modality).AddOrUpdate(DicomTag.PatientID, "P-1").AddOrUpdate(DicomTag.PatientName, "Doe^Jane");

    private static byte[] Save(DicomDataset dataset)
    {
        using var file = new MemoryStream();
        new DicomFile(dataset).Save(file);
        return file.ToArray();
    }
}
