using BoneMet.Dicom;
using Xunit;

namespace BoneMet.UnitTests.Dicom;

public sealed class DicomDirectoryTests
{
    private const string Folder = "dicom/pydicom/test_files/dicomdirtests";

    [Theory]
    [InlineData("DICOMDIR")]
    [InlineData("DICOMDIR-bigEnd")]
    public void Open_AFileSet_GivesItsTree(string name)
    {
        var directory = DicomDirectory.Open(TestData.Require($"{Folder}/{name}"));
        Assert.Equal(["PATIENT", "PATIENT"], directory.Roots.Select(record => record.Type));
        Assert.Equal(["Doe^Archibald", "Doe^Peter"], directory.Roots.Select(record => record.Dataset.GetString(DicomTag.PatientName)));
        Assert.All(directory.Roots, patient => Assert.All(patient.Children, study => Assert.Equal("STUDY", study.Type)));
        Assert.All(Leaves(directory.Roots), record => Assert.NotNull(record.FilePath));
    }

    [Fact]
    public void Locate_FilesBesideIt_AreThoseThatTheRecordsName()
    {
        var directory = DicomDirectory.Open(TestData.Require($"{Folder}/DICOMDIR"));
        var found = 0;
        foreach (var record in Leaves(directory.Roots))
        {
            if (directory.Locate(record) is not { } path) { continue; }
            Assert.Equal(record.Dataset.GetString(DicomTag.ReferencedSOPInstanceUIDInFile), DicomFile.Open(path).Dataset.GetString(DicomTag.SOPInstanceUID));
            found++;
        }
        Assert.True(found > 0, "none of the files was found");
    }

    /// <summary>An edit that moves records leaves their offsets wrong: the order of records gives the same tree.</summary>
    [Fact]
    public void Open_AfterItsRecordsMoved_GivesTheSameTree()
    {
        var before = DicomDirectory.Open(TestData.Require($"{Folder}/DICOMDIR"));
        var edited = DicomFile.Open(before.File.Path!);
        edited.Dataset.AddOrUpdate(DicomTag.FileSetID, "A LONGER NAME");
        var path = Path.Combine(Directory.CreateTempSubdirectory("dicomdir-").FullName, "DICOMDIR");
        edited.Save(path);
        var after = DicomDirectory.Open(path);
        Assert.Equal(Leaves(before.Roots).Select(record => record.FilePath), Leaves(after.Roots).Select(record => record.FilePath));
        Assert.All(Leaves(after.Roots), record => Assert.Null(after.Locate(record)));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Locate_ANameThatLeavesTheFolder_IsNoFile()
    {
        var folder = Directory.CreateTempSubdirectory("dicomdir-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "outside"), "x");
            var record = new DicomDataset().AddOrUpdate(DicomTag.DirectoryRecordType, "IMAGE").AddOrUpdate(DicomTag.ReferencedFileID, "..", "outside");
            var path = Path.Combine(folder.CreateSubdirectory("medium").FullName, "DICOMDIR");
            new DicomFile(new DicomDataset().AddOrUpdate(new DicomSequence(DicomTag.DirectoryRecordSequence, record))).Save(path);
            var directory = DicomDirectory.Open(path);
            Assert.Null(directory.Locate(Assert.Single(directory.Roots)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<DicomDirectoryRecord> Leaves(IEnumerable<DicomDirectoryRecord> records) =>
        records.SelectMany(record => record.Children.Count == 0 ? [record] : Leaves(record.Children));
}
