using System.Text;
using BoneMet.Imaging.Volumes;
using FsCheck.Xunit;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

public sealed class NrrdFileTests
{
    [Property(MaxTest = 100)]
    public bool Volume_WrittenAndRead_IsTheSame(byte a, byte b, byte c, int seed, bool gzip, bool floats, double angle)
    {
        var random = new Random(seed);
        var turn = double.IsFinite(angle) ? angle % 3 : 1;
        var grid = new Grid(1 + (a % 9), 1 + (b % 9), 1 + (c % 9), new(0.1 + random.NextDouble(), 0.97656199999, 3.27), new(random.NextDouble() * 900, -1.0 / 3, 1e-7),
            new(Math.Cos(turn), Math.Sin(turn), 0), new(-Math.Sin(turn), Math.Cos(turn), 0), new(0, 0, 1));
        var shorts = Enumerable.Range(0, grid.Count).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1)).ToArray();
        var volume = floats ? new Volume(grid, Array.ConvertAll(shorts, value => value / 7f)) : new Volume(grid, shorts);
        using var stream = new MemoryStream();
        NrrdFile.Write(stream, volume, gzip ? NrrdEncoding.Gzip : NrrdEncoding.Raw);
        stream.Position = 0;
        var read = NrrdFile.ReadVolume(stream);
        return read.Type == volume.Type && read.Grid.Coincides(grid, 1e-9) && read.Shorts.SequenceEqual(volume.Shorts) && read.Floats.SequenceEqual(volume.Floats);
    }

    [Fact]
    public void Volume_WrittenTwice_IsTheSameBytes()
    {
        Assert.Equal(Sample(NrrdEncoding.Gzip), Sample(NrrdEncoding.Gzip));
    }

    [Fact]
    public void Mask_WrittenAndRead_IsTheSame()
    {
        var grid = Grid.Aligned(5, 4, 3, new(1, 2, 3), new(-1, -2, -3));
        var mask = new Mask(grid, [.. Enumerable.Range(0, 60).Select(n => (byte)(n % 3))]);
        using var stream = new MemoryStream();
        NrrdFile.Write(stream, mask);
        stream.Position = 0;
        var read = NrrdFile.ReadMask(stream);
        Assert.Equal(40, read.Count);
        Assert.True(read.Voxels.SequenceEqual(mask.Voxels));
    }

    [Fact]
    public void Volume_InRasSpace_BecomesLps()
    {
        var file = Text("space: right-anterior-superior\nsizes: 2 1 1\nspace directions: (2,0,0) (0,3,0) (0,0,4)\nspace origin: (10,20,30)\n", [1, 2]);
        var volume = NrrdFile.ReadVolume(new MemoryStream(file));
        Assert.Equal(new Point3(-10, -20, 30), volume.Grid.Origin);
        Assert.Equal(new Point3(-12, -20, 30), volume.Grid.ToWorld(1, 0, 0));
        Assert.Equal(2, volume[1, 0, 0]);
    }

    [Fact]
    public void Volume_BigEndian_IsTurned()
    {
        var header = "NRRD0005\ntype: int16\nendian: big\ndimension: 3\nspace: lps\nencoding: raw\nsizes: 1 1 1\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n\n";
        Assert.Equal(-2, NrrdFile.ReadVolume(new MemoryStream([.. Encoding.ASCII.GetBytes(header), 0xFF, 0xFE]))[0]);
    }

    [Fact]
    public void RealFile_FromPyRadiomics_IsRead()
    {
        using var image = File.OpenRead(TestData.Require("radiomics/pyradiomics/breast1_image.nrrd"));
        using var label = File.OpenRead(TestData.Require("radiomics/pyradiomics/breast1_label.nrrd"));
        var volume = NrrdFile.ReadVolume(image);
        var mask = NrrdFile.ReadMask(label);
        Assert.True(volume.Grid.Coincides(mask.Grid));
        Assert.InRange(mask.Count, 1, volume.Grid.Count - 1);
    }

    [Theory]
    [InlineData("", "ends inside its header")]
    [InlineData("sizes: 2 1\n", "3")]
    [InlineData("sizes: 2 1 0\n", "'0'")]
    [InlineData("sizes: 2 1 -1\n", "'-1'")]
    [InlineData("sizes: 2000000000 2000000000 2000000000\n", "beyond the limit")]
    [InlineData("sizes: 2 1 1\nsizes: 2 1 1\n", "stands twice")]
    [InlineData("sizes: 2 1 1\ndata file: /etc/passwd\n", "detached")]
    [InlineData("sizes: 2 1 1\nspace: scanner-xyz\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n", "not one of LPS")]
    [InlineData("sizes: 2 1 1\nspace: lps\nspace directions: (1,0,0) (1,0,0) (0,0,1)\nspace origin: (0,0,0)\n", "do not span")]
    [InlineData("sizes: 2 1 1\nspace: lps\nspace directions: (1,0,0) (0,x,0) (0,0,1)\nspace origin: (0,0,0)\n", "not a number")]
    [InlineData("sizes: 2 1 1\nspace: lps\nspace directions: (1,0,0) (0,NaN,0) (0,0,1)\nspace origin: (0,0,0)\n", "not a number")]
    [InlineData("sizes: 2 1 1\nspace: lps\nspace directions: none (1,0,0) (0,0,1)\nspace origin: (0,0,0)\n", "components")]
    [InlineData("sizes: 3 1 1\nspace: lps\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n", "ends after 2 of 3")]
    [InlineData("sizes: 1 1 1\nspace: lps\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n", "more bytes follow")]
    [InlineData("what is this\n", "not 'field: value'")]
    public void Volume_WithBadHeader_SaysWhy(string fields, string reason)
    {
        var file = fields.Length == 0 ? Encoding.ASCII.GetBytes("NRRD0004\ntype: uint8\n") : Text(fields, [1, 2]);
        Assert.Contains(reason, Assert.Throws<VolumeException>(() => NrrdFile.ReadVolume(new MemoryStream(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Volume_ThatOnlyClaimsToBeBig_TakesNoMemory()
    {
        var file = Text("space: lps\nsizes: 512 512 2000\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\n", [1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<VolumeException>(() => NrrdFile.ReadVolume(new MemoryStream(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Header_WithoutEnd_IsCutOff() =>
        Assert.Contains("longer than", Assert.Throws<VolumeException>(() => NrrdFile.ReadVolume(new MemoryStream([.. "NRRD0004\n"u8, .. Enumerable.Repeat((byte)'#', 200_000)]))).Message, StringComparison.Ordinal);

    /// <summary>Whatever is done to a file, it is read or refused with a reason; nothing else is thrown.</summary>
    [Fact]
    public void Volume_Mutated_IsReadOrRefused()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("BONEMET_FUZZ_ROUNDS") ?? "3000");
        var seeds = new[] { Sample(NrrdEncoding.Raw), Sample(NrrdEncoding.Gzip) };
        var random = new Random(20);
        var (read, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var file = Mutation.Of(seeds[round % 2], random);
            try
            {
                NrrdFile.ReadVolume(new MemoryStream(file), 1 << 20);
                read++;
            }
            catch (VolumeException)
            {
                refused++;
            }
        }
        Assert.True(read > 0 && refused > 0);
    }

    private static byte[] Sample(NrrdEncoding encoding)
    {
        var grid = Grid.Aligned(7, 6, 5, new(1, 2, 3), new(-1, -2, -3));
        using var stream = new MemoryStream();
        NrrdFile.Write(stream, new Volume(grid, [.. Enumerable.Range(0, grid.Count).Select(n => (short)(n * 37))]), encoding);
        return stream.ToArray();
    }

    private static byte[] Text(string fields, byte[] voxels) => [.. Encoding.ASCII.GetBytes($"NRRD0004\ntype: uint8\ndimension: 3\nencoding: raw\n{fields}\n"), .. voxels];
}
