using System.Buffers.Binary;
using BoneMet.Imaging.Slides;
using NetVips;
using Xunit;

namespace BoneMet.UnitTests.Imaging;

/// <summary>What comes in from outside: slides that are none, cut off, hostile, or without a resolution. Each is refused by its own code; nothing else is thrown.</summary>
public sealed class SlideIntakeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slide-intake").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o' })]
    [InlineData(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Open_WhatIsNoSlide_SaysSo(byte[] content) => Assert.Equal(SlideException.NotASlide, Code(content));

    [Fact]
    public void Open_StripedTiff_IsNotASlide() => Assert.Equal(SlideException.NotASlide, Code(Tiff(tile: false)));

    [Fact]
    public void Open_TiledPyramid_IsRead()
    {
        using var slide = Slide.Open(Save(Tiff()));
        Assert.Equal(0.5, slide.MicronsPerPixel!.Value, 1e-6);
        Assert.Equal([600, 300], slide.Levels.Take(2).Select(level => level.Width));
        Assert.Equal("tiff", slide.Format);
    }

    [Fact]
    public void Open_BigTiffWithSubImages_IsRead()
    {
        using var slide = Slide.Open(Save(Tiff(big: true, subImages: true)));
        Assert.Equal([600, 300], slide.Levels.Take(2).Select(level => level.Width));
        Assert.Equal(64 * 64 * 3, slide.ReadRegion(1, 10, 10, 64, 64).Length);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(72 / 25.4)]
    public void Open_DefaultResolutionOfSomeProgram_CountsAsMissing(double perMillimetre)
    {
        using var slide = Slide.Open(Save(Tiff(perMillimetre: perMillimetre)));
        Assert.Null(slide.MicronsPerPixel);
        Assert.Contains("no slide scanner", Assert.Single(slide.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CutOff_SaysSoAtEveryLength()
    {
        var whole = Tiff();
        for (var length = 8; length < whole.Length; length += 997)
        {
            Assert.Contains(Code(whole[..length]), (string[])[SlideException.Truncated, SlideException.Damaged]);
        }
        Assert.Equal(SlideException.Truncated, Code(whole[..^1]));
    }

    /// <summary>A header that claims a colossal image is refused before anything is allocated for it.</summary>
    [Theory]
    [InlineData(256, 2_000_000_000)]
    [InlineData(257, 2_000_000_000)]
    [InlineData(256, 999_999)]
    [InlineData(322, 1_000_000)]
    [InlineData(323, 16)]
    public void Open_HostileSize_IsRefusedBeforeDecoding(ushort tag, uint value)
    {
        var file = Patch(Tiff(), tag, value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(Code(file), (string[])[SlideException.TooLarge, SlideException.Damaged]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    /// <summary>A description in XML is a scanner maker's own layout: OpenSlide reads it, and both libraries see the same pixels.</summary>
    [Fact]
    public void Open_LayoutOfAScannerMaker_IsLeftToOpenSlide()
    {
        Assert.SkipUnless(System.Runtime.InteropServices.NativeLibrary.TryLoad("libopenslide.so.0", out _) || System.Runtime.InteropServices.NativeLibrary.TryLoad("libopenslide.so.1", out _), "needs OpenSlide (libopenslide0)");
        using var plain = Slide.Open(Save(Tiff(compression: Enums.ForeignTiffCompression.Deflate)));
        var expected = plain.ReadRegion(0, 100, 50, 300, 200);
        using var slide = Slide.Open(Save(Tiff(compression: Enums.ForeignTiffCompression.Deflate, description: "<scanner/>")));
        Assert.Equal("generic-tiff", slide.Format);
        Assert.Equal(plain.Levels.Select(level => (level.Width, level.Height)), slide.Levels.Select(level => (level.Width, level.Height)));
        Assert.Equal(expected, slide.ReadRegion(0, 100, 50, 300, 200));
        Assert.Equal(255, slide.ReadRegion(0, -5, -5, 10, 10)[0]);
    }

    [Fact]
    public void Open_DirectoriesInACircle_AreRefused()
    {
        var file = Tiff(pyramid: false);
        var at = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        var next = at + 2 + (12 * BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(next), (uint)at);
        Assert.Equal(SlideException.Damaged, Code(file));
    }

    [Fact]
    public void ReadRegion_DamagedTile_IsAnErrorNotACrash()
    {
        var file = Tiff(pyramid: false);
        // the tiles come first in what libtiff writes: everything from byte 1000 on is overwritten, the directory is kept
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        file.AsSpan(1000, Math.Min(directory, file.Length) - 1000).Fill(0xA5);
        using var slide = Slide.Open(Save(file));
        Assert.Equal(SlideException.Damaged, Assert.Throws<SlideException>(() => slide.ReadRegion(0, 0, 0, slide.Width, slide.Height)).Code);
    }

    /// <summary>Whatever is done to a slide, it is read or refused by a code.</summary>
    [Fact]
    public void Slide_Mutated_IsReadOrRefused()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable("BONEMET_FUZZ_ROUNDS") ?? "600");
        byte[][] seeds = [Tiff(), Tiff(big: true, subImages: true), Tiff(compression: Enums.ForeignTiffCompression.Deflate)];
        var random = new Random(7);
        var (read, refused) = (0, new HashSet<string>());
        for (var round = 0; round < rounds; round++)
        {
            var path = Save(Mutation.Of(seeds[round % seeds.Length], random));
            try
            {
                using var slide = Slide.Open(path);
                for (var level = 0; level < slide.Levels.Count; level++) { slide.ReadRegion(level, 0, 0, 300, 300); }
                read++;
            }
            catch (SlideException failure)
            {
                refused.Add(failure.Code);
            }
        }
        Assert.True(read > 0);
        Assert.True(refused.Count >= 2);
    }

    private string Code(byte[] content) => Assert.Throws<SlideException>(() => Slide.Open(Save(content)).Dispose()).Code;

    private string Save(byte[] content)
    {
        var path = Path.Combine(_folder, "slide");
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Tiff(bool tile = true, bool pyramid = true, bool big = false, bool subImages = false, double perMillimetre = 2000,
        Enums.ForeignTiffCompression compression = Enums.ForeignTiffCompression.Jpeg, string description = "")
    {
        using var noise = Image.Gaussnoise(600, 500, sigma: 40, mean: 150, seed: 5).Cast(Enums.BandFormat.Uchar);
        using var image = noise.Bandjoin(noise, noise).Copy(interpretation: Enums.Interpretation.Srgb);
        using var described = image.Mutate(mutable => mutable.Set(GValue.GStrType, "image-description", description));
        return described.TiffsaveBuffer(compression: compression, tile: tile, pyramid: tile && pyramid, tileWidth: 128, tileHeight: 128,
            xres: perMillimetre, yres: perMillimetre, resunit: Enums.ForeignTiffResunit.Cm, bigtiff: big, subifd: subImages);
    }

    /// <summary>Overwrites the value of a field of the first directory of a little-endian classic TIFF.</summary>
    private static byte[] Patch(byte[] file, ushort tag, uint value)
    {
        var at = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        for (var n = 0; n < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)); n++)
        {
            var entry = file.AsSpan(at + 2 + (12 * n));
            if (BinaryPrimitives.ReadUInt16LittleEndian(entry) != tag) { continue; }
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], 4);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], value);
            return file;
        }
        throw new InvalidOperationException($"no field {tag}");
    }
}
