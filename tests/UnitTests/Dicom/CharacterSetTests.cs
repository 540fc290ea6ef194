using System.Text;
using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

/// <summary>Examples of PS3.5 Annexes H, I, J, K and of real senders.</summary>
public sealed class CharacterSetTests
{
    [Theory]
    [InlineData("ISO_IR 100", "Äneas^Rüdiger", "C46E6561735E52FC6469676572")]
    [InlineData("ISO_IR 101", "Wałęsa", "5761B3EA7361")]
    [InlineData("ISO_IR 144", "Люкceмбypг", "BBEEDA6365DCD17970D3")]
    [InlineData("ISO-IR 144", "Люк", "BBEEDA")]
    [InlineData("ISO_IR 126", "Διονυσιος", "C4E9EFEDF5F3E9EFF2")]
    [InlineData("ISO_IR 127", "قباني", "E2C8C7E6EA")]
    [InlineData("ISO_IR 138", "שרון", "F9F8E5EF")]
    [InlineData("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "D4CFC0DE5EC0DBB3")]
    [InlineData("ISO_IR 166", "นามสกุล", "B9D2C1CAA1D8C5")]
    [InlineData("ISO_IR 192", "Wang^XiaoDong=王^小東", "57616E675E5869616F446F6E673DE78E8B5EE5B08FE69DB1")]
    [InlineData("GB18030", "Wang^XiaoDong=王^小东", "57616E675E5869616F446F6E673DCDF55ED0A1B6AB")]
    [InlineData("GBK", "王^小东", "CDF55ED0A1B6AB")]
    [InlineData("GB2312", "王^小东", "CDF55ED0A1B6AB")]
    [InlineData("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう", "59616D6164615E5461726F753D1B24423B3345441B28425E1B244242404F3A1B28423D1B24422464245E24401B28425E1B2442243F246D24261B2842")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", "D4CFC0DE5EC0DBB33D1B24423B3345441B284A5E1B244242404F3A1B284A3D1B24422464245E24401B284A5E1B2442243F246D24261B284A")]
    [InlineData("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동", "486F6E675E47696C646F6E673D1B242943FBF35E1B242943D1CED4D73D1B242943C8AB5E1B242943B1E6B5BF")]
    [InlineData("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东", "5A68616E675E5869616F446F6E673D1B242941D5C55E1B242941D0A1B6AB")]
    [InlineData("ISO 2022 IR 6\\ISO 2022 IR 100\\ISO 2022 IR 144", "Buc^Jérôme-Люк", "4275635E4A1B2D41E972F46D652D1B2D4CBBEEDA")]
    public void Decode_StandardExamples_GivesTheText(string set, string text, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(text, DicomCharacterSet.Parse(set).Decode(bytes));
    }

    [Fact]
    public void Text_WithoutDeclaredSet_UsesTheSendersFallback()
    {
        var bytes = Write(new DicomDataset().AddOrUpdate(new DicomElement(DicomTag.PatientName, DicomVR.PN, Encoding.GetEncoding("gb18030").GetBytes("王^小东 "))));
        var options = new DicomReadOptions { FallbackCharacterSet = DicomCharacterSet.Parse("GB18030") };
        Assert.Equal("王^小东", DicomFile.Open(bytes, options).Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void Text_DeclaredUtf8ButNot_UsesTheSendersFallback()
    {
        var dataset = new DicomDataset().AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192").AddOrUpdate(new DicomElement(DicomTag.PatientName, DicomVR.PN, [0xCD, 0xF5, 0x5E, 0xD0, 0xA1, 0xB6, 0xAB, 0x20]));
        var options = new DicomReadOptions { FallbackCharacterSet = DicomCharacterSet.Parse("GB18030") };
        Assert.Equal("王^小东", DicomFile.Open(Write(dataset), options).Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void AddOrUpdate_TextBeyondTheSet_TurnsTheWholeDatasetToUtf8()
    {
        var item = new DicomDataset();
        var dataset = RoundTripTests.Sample().AddOrUpdate(DicomTag.RequestAttributesSequence, item);
        item.AddOrUpdate(DicomTag.RequestedProcedureDescription, "骨扫描");
        Assert.Equal("ISO_IR 192", dataset.GetString(DicomTag.SpecificCharacterSet));
        Assert.Equal("Müller^Jörg", dataset.GetString(DicomTag.PatientName));
        var again = DicomFile.Open(Write(dataset)).Dataset;
        Assert.Equal("骨扫描", again.GetSequence(DicomTag.RequestAttributesSequence)[0].GetString(DicomTag.RequestedProcedureDescription));
    }

    [Fact]
    public void ConvertToUtf8_NestedSets_KeepsEveryText()
    {
        var nested = new DicomDataset().AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 144").AddOrUpdate(DicomTag.PatientName, "Люк");
        var dataset = RoundTripTests.Sample().AddOrUpdate(DicomTag.ReferencedPatientSequence, nested).ConvertToUtf8();
        Assert.Equal("Müller^Jörg", dataset.GetString(DicomTag.PatientName));
        Assert.Equal("Люк", dataset.GetSequence(DicomTag.ReferencedPatientSequence)[0].GetString(DicomTag.PatientName));
        Assert.Equal("Люк", DicomFile.Open(Write(dataset)).Dataset.GetSequence(DicomTag.ReferencedPatientSequence)[0].GetString(DicomTag.PatientName));
    }

    private static byte[] Write(DicomDataset dataset) => RoundTripTests.Bytes(new DicomFile(dataset.AddOrUpdate(DicomTag.SOPInstanceUID, "1.2.3")), null);
}
