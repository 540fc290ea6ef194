using System.Diagnostics;
using BoneMet.Cli.Demo;
using BoneMet.Dicom;
using BoneMet.Imaging.Slides;
using BoneMet.Imaging.Volumes;
using Xunit;

namespace BoneMet.FunctionalTests.Imaging;

public sealed class SyntheticCaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("synthetic-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Case_WrittenTwice_IsTheSameToTheByteAndQuick()
    {
        var clock = Stopwatch.StartNew();
        var first = SyntheticCase.Write(Path.Combine(_folder, "a"));
        // 4 s is the promise on an idle machine; the suite shares its cores
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 12);
        var second = SyntheticCase.Write(Path.Combine(_folder, "b"));
        Assert.Equal(SyntheticCt.Slices + 1, first.Images.Count);
        foreach (var (one, other) in first.Images.Append(first.Slide).Zip(second.Images.Append(second.Slide))) { Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(other)); }
    }

    [Fact]
    public void Ct_ItsContours_HoldTheLesionThatItsVoxelsShow()
    {
        SyntheticCt.Write(_folder, 5);
        var slices = Directory.GetFiles(_folder, "CT*.dcm").Order(StringComparer.Ordinal).Select(path => DicomFile.Open(path).Dataset).ToArray();
        Assert.All(slices, slice =>
        {
            Assert.Equal("SYNTHETIC^DEMO", slice.GetString(DicomTag.PatientName));
            Assert.Contains("SYNTHETIC", slice.GetString(DicomTag.ImageComments), StringComparison.Ordinal);
        });
        var origin = slices[0].GetValues<double>(DicomTag.ImagePositionPatient);
        var step = slices[1].GetValues<double>(DicomTag.ImagePositionPatient)[2] - origin[2];
        Assert.Equal(SyntheticCt.SliceMm, step, 1e-9);
        var grid = Grid.Aligned(SyntheticCt.Edge, SyntheticCt.Edge, slices.Length, new(SyntheticCt.PixelMm, SyntheticCt.PixelMm, step), new(origin[0], origin[1], origin[2]));
        var voxels = slices.SelectMany(slice => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(slice.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Span).ToArray()).ToArray();

        var regions = DicomFile.Open(Path.Combine(_folder, "RS0001.dcm")).Dataset;
        Assert.Equal(SyntheticCt.RegionName, regions.Items(DicomTag.StructureSetROISequence)[0].GetString(DicomTag.ROIName));
        var contours = regions.Items(DicomTag.ROIContourSequence)[0].Items(DicomTag.ContourSequence)
            .Select(item => new Contour([.. item.GetValues<double>(DicomTag.ContourData).Chunk(3).Select(p => new Point3(p[0], p[1], p[2]))])).ToArray();
        var mask = ContourRasterizer.Rasterize(contours, grid);

        // a reader's outline follows the planted lesion, spicules cut a little short or filled a little between
        var lesion = SyntheticCt.Lesion(new HashNoise(5), 5);
        var (both, either) = (0, 0);
        for (var n = 0; n < voxels.Length; n++)
        {
            var planted = lesion.Contains(grid.ToWorld(n % grid.SizeI, n / grid.SizeI % grid.SizeJ, n / (grid.SizeI * grid.SizeJ)) - lesion.Centre);
            if (planted && mask[n]) { both++; }
            if (planted || mask[n]) { either++; }
        }
        Assert.InRange((double)both / either, 0.8, 1);
        var core = lesion.Centre + new Point3(0, 0, 0);
        Assert.Equal(lesion.Tissue(core), voxels[grid.Offset((int)Math.Round(grid.ToIndex(core).X), (int)Math.Round(grid.ToIndex(core).Y), (int)Math.Round(grid.ToIndex(core).Z))], 60.0);
    }

    [Fact]
    public async Task Ct_ReadByDcmtk_IsWellFormed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "needs dcmtk (dcmdump)");
        SyntheticCt.Write(_folder, 6);
        foreach (var file in (string[])["CT0001.dcm", "RS0001.dcm"])
        {
            var start = new ProcessStartInfo("/usr/bin/dcmdump", ["-q", Path.Combine(_folder, file)]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var dump = Process.Start(start)!;
            var (text, faults) = (dump.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), dump.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await dump.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((0, ""), (dump.ExitCode, (await faults).Trim()));
            Assert.Contains("SYNTHETIC^DEMO", await text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Slide_OfTheDemo_IsAPyramidWithTissue()
    {
        var path = Path.Combine(_folder, "slide.tif");
        SyntheticSlide.Write(path, 7);
        using var slide = Slide.Open(path);
        Assert.Equal((4096, 4096), (slide.Width, slide.Height));
        Assert.Equal(0.5, slide.MicronsPerPixel!.Value, 1e-6);
        Assert.True(slide.Levels.Count >= 4);
        var tissue = TissueMap.Find(slide, 0.5, TestContext.Current.CancellationToken);
        Assert.InRange(tissue.TissueFraction, 0.2, 0.7);
        Assert.InRange(TilePlan.Make(slide, 0.5, tissue, 256, 0.5).Tiles.Count, 50, 200);
        Assert.Contains("SYNTHETIC", NetVips.Image.NewFromFile(path).Get("image-description").ToString(), StringComparison.Ordinal);
    }
}
