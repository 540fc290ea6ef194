using System.Buffers.Binary;
using System.IO.Compression;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>What attackers send: each ends in a typed error, fast and without the memory asked for.</summary>
public sealed class HostileFileTests
{
    private const long Allowed = 64L << 20;

    [Fact]
    public void DeepNesting_IsRefusedByDepth()
    {
        using var bytes = new MemoryStream();
        bytes.Write(Header("1.2.840.10008.1.2.1"));
        for (var i = 0; i < 200_000; i++) { bytes.Write([0x08, 0x00, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]); }
        Assert.Contains("deeper", Refused(bytes.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepJson_IsRefusedByDepth()
    {
        var json = string.Concat(Enumerable.Repeat("{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", 5000));
        Assert.Throws<DicomException>(() => DicomJson.Parse(json));
    }

    [Fact]
    public void ZeroLengthItems_EndWithTheBytes()
    {
        using var bytes = new MemoryStream();
        bytes.Write(Header("1.2.840.10008.1.2.1"));
        bytes.Write([0x08, 0x00, 0x40, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        for (var i = 0; i < 2_000_000; i++) { bytes.Write([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]); }
        Refused(bytes.ToArray());
    }

    [Fact]
    public void ZeroLengthFragments_EndWithTheBytes()
    {
        using var bytes = new MemoryStream();
        bytes.Write(Header("1.2.840.10008.1.2.5"));
        bytes.Write([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        for (var i = 0; i < 2_000_000; i++) { bytes.Write([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]); }
        Refused(bytes.ToArray());
    }

    [Fact]
    public void LengthBeyondTheFile_IsRefusedBeforeAllocation()
    {
        byte[] bytes = [.. Header("1.2.840.10008.1.2.1"), 0x10, 0x00, 0x00, 0x40, (byte)'U', (byte)'T', 0, 0, 0xF0, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4];
        Assert.Contains("4294967280", Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeflateBomb_IsRefusedByLength()
    {
        using var bytes = new MemoryStream();
        bytes.Write(Header("1.2.840.10008.1.2.1.99"));
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write([0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0x00, 0x00, 0x00, 0x40]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 400; i++) { deflate.Write(zeros); }
        }
        var began = ThreadTime.Now;
        var fault = Assert.Throws<DicomFileException>(() => DicomFile.Open(bytes.ToArray(), new DicomReadOptions { MaxInflatedLength = 64 << 20 }));
        Assert.Contains("grows beyond", fault.Message, StringComparison.Ordinal);
        Assert.True(ThreadTime.Now - began < TimeSpan.FromSeconds(5), $"took {ThreadTime.Now - began}");
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.50", (byte)0xC0, 8)]
    [InlineData("1.2.840.10008.1.2.4.70", (byte)0xC3, 16)]
    [InlineData("1.2.840.10008.1.2.4.80", (byte)0xF7, 16)]
    public void JpegBomb_IsRefusedBeforeItsPixelsAreAllocated(string syntax, byte frame, int bits)
    {
        byte[] stream = [0xFF, 0xD8, 0xFF, frame, 0, 11, (byte)bits, 0x50, 0x00, 0x50, 0x00, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 1, 2, 3, 0xFF, 0xD9];
        Bomb(syntax, stream, bits, 0x5000);
    }

    [Fact]
    public void Jpeg2000Bomb_IsRefusedBeforeTheDecoderIsCalled()
    {
        var stream = new byte[64];
        byte[] size = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, 0, 0, 0x50, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 15, 1, 1];
        size.CopyTo(stream, 0);
        Bomb("1.2.840.10008.1.2.4.90", stream, 16, 0x5000);
    }

    [Fact]
    public void RleBomb_IsRefusedBeforeItsPixelsAreAllocated()
    {
        var stream = new byte[128];
        (stream[0], stream[4]) = (2, 64);
        Bomb("1.2.840.10008.1.2.5", stream, 16, 0x5000);
    }

    [Fact]
    public void PixelsLargerThanTheImage_AreRefusedWithNumbers()
    {
        var dataset = Image(0xFFFF, 16).AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, new byte[100]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DicomException>(() => DicomPixelData.Create(dataset, DicomTransferSyntax.ExplicitVRLittleEndian).GetFrame(0));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Allowed);
    }

    private static void Bomb(string syntax, byte[] stream, int bits, int side)
    {
        var dataset = Image(side, bits == 8 ? 8 : 16).AddOrUpdate(new DicomFragmentSequence(DicomTag.PixelData, DicomVR.OB, null, [new DicomElement(DicomTag.PixelData, DicomVR.OB, stream)]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = ThreadTime.Now;
        Assert.Throws<DicomException>(() => DicomPixelData.Create(dataset, DicomTransferSyntax.Lookup(syntax)).GetFrame(0));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Allowed, "memory of the bomb was allocated");
        Assert.True(ThreadTime.Now - began < TimeSpan.FromSeconds(2), $"took {ThreadTime.Now - began}");
    }

    private static DicomDataset Image(int side, int bits) => new DicomDataset()
        .AddOrUpdate(DicomTag.Rows, (ushort)side).AddOrUpdate(DicomTag.Columns, (ushort)side).AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1)
        .AddOrUpdate(DicomTag.BitsAllocated, (ushort)bits).AddOrUpdate(DicomTag.BitsStored, (ushort)bits).AddOrUpdate(DicomTag.HighBit, (ushort)(bits - 1))
        .AddOrUpdate(DicomTag.PixelRepresentation, (ushort)0).AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME2");

    private static DicomFileException Refused(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = ThreadTime.Now;
        var fault = Assert.Throws<DicomFileException>(() => DicomFile.Open(bytes));
        Assert.True(ThreadTime.Now - began < TimeSpan.FromSeconds(2), $"took {ThreadTime.Now - began}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Allowed + (2L * bytes.Length) + (64L << 20), "too much memory for so few bytes");
        return fault;
    }

    private static byte[] Header(string syntax)
    {
        var uid = syntax.Length % 2 == 0 ? syntax : syntax + "\0";
        var bytes = new byte[132 + 8 + uid.Length];
        "DICM"u8.CopyTo(bytes.AsSpan(128));
        byte[] element = [0x02, 0x00, 0x10, 0x00, (byte)'U', (byte)'I'];
        element.CopyTo(bytes, 132);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(138), (ushort)uid.Length);
        System.Text.Encoding.ASCII.GetBytes(uid).CopyTo(bytes, 140);
        return bytes;
    }
}
