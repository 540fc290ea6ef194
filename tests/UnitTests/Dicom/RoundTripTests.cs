using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

public sealed class RoundTripTests
{
    public static TheoryData<string> NativeSyntaxes => ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"];

    [Fact]
    public void Save_OfEveryFile_ReadsBackEqualAndIsDeterministic()
    {
        foreach (var (path, _) in Corpus.Read())
        {
            DicomFile file;
            try
            {
                file = DicomFile.Open(path);
            }
            catch (DicomFileException)
            {
                // Damaged files of the corpus have their own tests.
                continue;
            }
            var (first, second) = (Bytes(file, null), Bytes(file, null));
            Assert.True(first.AsSpan().SequenceEqual(second), $"{path} is not written the same twice");
            var again = DicomFile.Open(first);
            Assert.True(DatasetComparison.Difference(file.Dataset, again.Dataset) is not { } difference, $"{path}: {DatasetComparison.Difference(file.Dataset, again.Dataset)}");
            Assert.True(first.AsSpan().SequenceEqual(Bytes(again, null)), $"{path} is written otherwise after reading back");
        }
    }

    [Theory]
    [MemberData(nameof(NativeSyntaxes))]
    public void Save_InEachNativeSyntax_KeepsEveryVr(string uid)
    {
        var dataset = Sample();
        var file = DicomFile.Open(Bytes(new DicomFile(dataset), DicomTransferSyntax.Lookup(uid)));
        Assert.Equal(uid, file.TransferSyntax.UID.UID);
        foreach (var item in dataset)
        {
            // Implicit VR does not carry the VR of private elements.
            if (item.Tag.IsPrivate && !file.TransferSyntax.IsExplicitVR) { continue; }
            Assert.Equal(dataset.TryGetString(item.Tag, out var want) ? want : "", file.Dataset.TryGetString(item.Tag, out var got) ? got : "");
        }
        Assert.Equal([1.5, -2.25], file.Dataset.GetSequence(DicomTag.ReferencedImageSequence)[0].GetValues<double>(DicomTag.ImagePositionPatient)[..2]);
        Assert.Equal(long.MinValue, file.Dataset.GetSingleValue<long>(DicomTag.SelectorSVValue));
        Assert.Equal(ulong.MaxValue, file.Dataset.GetSingleValue<ulong>(DicomTag.SelectorUVValue));
    }

    [Fact]
    public void Save_OfALargeDeferredValue_CopiesItFromDiskUnread()
    {
        var folder = Directory.CreateTempSubdirectory("bonemet-dicom");
        try
        {
            var path = Path.Combine(folder.FullName, "large.dcm");
            var pixels = new byte[8 << 20];
            new Random(1).NextBytes(pixels);
            new DicomFile(Sample().AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OW, pixels))).Save(path);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var file = DicomFile.Open(path);
            Assert.True(file.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).IsDeferred);
            file.Save(path + "2");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, "the pixels were read into memory");
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + "2"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Open_WithoutPreambleOrMeta_IsRecognised()
    {
        foreach (var syntax in (DicomTransferSyntax[])[DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRBigEndian])
        {
            using var bare = new MemoryStream();
            Sample().Write(bare, syntax);
            var file = DicomFile.Open(bare.ToArray());
            Assert.False(file.HasPreamble);
            Assert.Equal(syntax, file.TransferSyntax);
            Assert.Equal("Müller^Jörg", file.Dataset.GetString(DicomTag.PatientName));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a and then some more text that is no DICOM at all")]
    [InlineData("<?xml version=\"1.0\"?><html></html>")]
    public void Open_OfOtherThings_IsRefused(string text) =>
        Assert.Throws<DicomFileException>(() => DicomFile.Open(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Open_OfASequencePassedOnAsUnknown_ReadsItsItems()
    {
        using var inner = new MemoryStream();
        new DicomDataset().AddOrUpdate(DicomTag.PatientName, "Nested^Name").Write(inner, DicomTransferSyntax.ImplicitVRLittleEndian);
        byte[] value = [0xFE, 0xFF, 0x00, 0xE0, (byte)inner.Length, 0, 0, 0, .. inner.ToArray()];
        var dataset = Sample().AddOrUpdate(new DicomElement(DicomTag.ReferencedPatientSequence, DicomVR.UN, value)).AddOrUpdate(new DicomElement(DicomTag.ReferencedStudySequence, DicomVR.UN, [1, 2, 3, 4, 5, 6, 7, 8]));
        var read = DicomFile.Open(Bytes(new DicomFile(dataset), null)).Dataset;
        Assert.Equal("Nested^Name", read.GetSequence(DicomTag.ReferencedPatientSequence)[0].GetString(DicomTag.PatientName));
        Assert.Equal(8, read.GetDicomItem<DicomElement>(DicomTag.ReferencedStudySequence).Length);
    }

    [Fact]
    public void ToNative_OfACompressedObject_KeepsItsSamples()
    {
        var file = DicomFile.Open(TestData.Require("dicom/wg04/JPLL/CT1_JPLL"));
        var native = DicomFile.Open(Bytes(DicomTranscoder.ToNative(file), null));
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, native.TransferSyntax);
        Assert.Equal(DicomPixelData.Create(file).GetFrame(0).Values, DicomPixelData.Create(native).GetFrame(0).Values);
    }

    [Fact]
    public void Open_OfATruncatedFile_NamesElementAndOffset()
    {
        var bytes = Bytes(new DicomFile(Sample()), null);
        var fault = Assert.Throws<DicomFileException>(() => DicomFile.Open(bytes[..^3]));
        Assert.InRange(fault.Offset, 1, bytes.Length);
        var kept = DicomFile.Open(bytes[..^3], new DicomReadOptions { KeepReadable = true });
        Assert.NotNull(kept.Fault);
        Assert.Equal("Müller^Jörg", kept.Dataset.GetString(DicomTag.PatientName));
    }

    internal static DicomDataset Sample() => new DicomDataset()
        .AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 100")
        .AddOrUpdate(DicomTag.SOPClassUID, DicomUID.CTImageStorage.UID)
        .AddOrUpdate(DicomTag.SOPInstanceUID, "1.2.3.4")
        .AddOrUpdate(DicomTag.PatientName, "Müller^Jörg")
        .AddOrUpdate(DicomTag.PatientID, "4711")
        .AddOrUpdate(DicomTag.PatientBirthDate, "19640229")
        .AddOrUpdate(DicomTag.ReferencedImageSequence, new DicomDataset().AddOrUpdate(DicomTag.ImagePositionPatient, 1.5, -2.25, 3.0), new DicomDataset())
        .AddOrUpdate(DicomTag.PixelRepresentation, (ushort)1)
        .AddOrUpdate(DicomTag.SmallestImagePixelValue, (short)-7)
        .AddOrUpdate(DicomTag.SelectorATValue, DicomTag.PatientName)
        .AddOrUpdate(DicomTag.SelectorSVValue, long.MinValue)
        .AddOrUpdate(DicomTag.SelectorUVValue, ulong.MaxValue)
        .AddOrUpdate(DicomTag.SelectorFDValue, Math.PI)
        .AddOrUpdate(DicomTag.SelectorFLValue, 0.1f)
        .AddOrUpdate(DicomTag.SelectorSLValue, -100000)
        .AddOrUpdate(DicomVR.LO, new DicomTag(0x0011, 0x0010), "BONEMET TEST")
        .AddOrUpdate(DicomVR.UT, new DicomTag(0x0011, 0x1001), "long text");

    internal static byte[] Bytes(DicomFile file, DicomTransferSyntax? syntax)
    {
        using var memory = new MemoryStream();
        file.Save(memory, syntax);
        return memory.ToArray();
    }
}
