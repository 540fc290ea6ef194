using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

public sealed class DictionaryTests
{
    [Fact]
    public void Dictionary_EveryLineOfTheTable_IsInTheGeneratedCode()
    {
        var lines = File.ReadLines(Path.Combine(TestData.Root, "shared", "Dicom", "Dictionary", "dictionary.tsv")).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.True(lines.Count > 5000);
        foreach (var line in lines.Where(line => line[1].Length > 0 && !line[0].StartsWith("FFFE", StringComparison.Ordinal)))
        {
            // An X stands for any digit; some of those numbers have an entry of their own, 2 never does.
            var tag = DicomTag.Parse(line[0].Replace('X', '2'));
            Assert.Equal(DicomTag.Parse(line[0].Replace('X', '0')), DicomDictionary.Find(line[1]));
            Assert.Equal(line[1], DicomDictionary.Keyword(tag));
            var vr = line[2] switch { "US or SS" => "US", "OB or OW" or "US or OW" or "US or SS or OW" => "OW", "" or "See Note 2" => "UN", _ => line[2] };
            Assert.Equal(tag.Element == 0 ? "UL" : vr, DicomDictionary.VR(tag).Code);
        }
    }

    [Fact]
    public void Dictionary_RepeatingGroups_AreKnownInEachGroup()
    {
        Assert.Equal("OverlayRows", new DicomTag(0x6002, 0x0010).Keyword);
        Assert.Equal("OW", DicomDictionary.VR(new DicomTag(0x601E, 0x3000)).Code);
        Assert.Equal("UN", DicomDictionary.VR(new DicomTag(0x0009, 0x1001)).Code);
        Assert.Equal("LO", DicomDictionary.VR(new DicomTag(0x0009, 0x0010)).Code);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.1", true)]
    [InlineData("1.2.0840", false)]
    [InlineData("1..2", false)]
    [InlineData("", false)]
    [InlineData("1.2.a", false)]
    public void Uid_IsValid_FollowsTheStandard(string uid, bool valid) => Assert.Equal(valid, DicomUID.IsValid(uid));
}
