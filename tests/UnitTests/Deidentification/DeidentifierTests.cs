using System.Security.Cryptography;
using BoneMet.Dicom;
using BoneMet.Dicom.Deidentification;
using Xunit;

namespace BoneMet.UnitTests.Deidentification;

public sealed class DeidentifierTests
{
    private const int Objects = 240;
    private static readonly byte[] Key = SHA256.HashData("a key for tests, and nothing else"u8);
    private static readonly Deidentifier Standard = new(DeidentificationOptions.Default, Key);

    [Fact]
    public void Apply_GeneratedObjects_LeaveNothingThatWasPlanted()
    {
        var (planted, found) = (0, new List<string>());
        for (var seed = 0; seed < Objects; seed++)
        {
            var made = PlantedObject.Make(seed);
            Assert.True(made.PlantedBytes.Count >= 30, $"object {seed} has only {made.PlantedBytes.Count} planted identifiers");
            Assert.DoesNotContain(made.Planted, value => value.Contains('\uFFFD', StringComparison.Ordinal));
            var result = Standard.Apply(made.File.Dataset);
            Assert.Null(result.HeldBack);
            var bytes = Save(result.Dataset, made.File.TransferSyntax);
            var read = DicomFile.Open(bytes);
            var text = string.Join('\n', Texts(read.Dataset));
            foreach (var secret in made.PlantedBytes)
            {
                planted++;
                if (bytes.AsSpan().IndexOf(secret) >= 0) { found.Add($"{seed}: {Convert.ToHexString(secret)}"); }
            }
            found.AddRange(made.Planted.Where(value => text.Contains(value, StringComparison.OrdinalIgnoreCase)).Select(value => $"{seed}: {value}"));
            Assert.Empty(DeidentificationVerifier.Verify(read, made.File.Dataset, result, DeidentificationOptions.Default));
        }
        Assert.True(planted >= 200 * 30);
        Assert.Empty(found);
    }

    /// <summary>What dcmtk reads of the outputs: no planted identifier, and the same values that we read.</summary>
    [Fact]
    public void Apply_GeneratedObjects_DcmtkReadsTheSame()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "needs dcmdump (Debian package dcmtk)");
        var folder = Directory.CreateTempSubdirectory("deidentified-");
        try
        {
            var secrets = new List<string>();
            var ours = new List<string>();
            for (var seed = 0; seed < 2 * PlantedObject.Repertoires; seed++)
            {
                var made = PlantedObject.Make(seed);
                var result = Standard.Apply(made.File.Dataset).Dataset;
                secrets.AddRange(made.Planted);
                ours.AddRange(from tag in (DicomTag[])[DicomTag.PatientID, DicomTag.PatientName, DicomTag.StudyDate, DicomTag.SOPInstanceUID] where result.TryGetString(tag, out _) select result.GetString(tag));
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{seed:000}.dcm"), Save(result, made.File.TransferSyntax));
            }
            using var dump = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/dcmdump") { ArgumentList = { "-q", "+U8", "+L", "+sd", folder.FullName }, RedirectStandardOutput = true })!;
            var theirs = dump.StandardOutput.ReadToEnd();
            dump.WaitForExit();
            Assert.Equal(0, dump.ExitCode);
            Assert.DoesNotContain(secrets, secret => theirs.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.All(ours, value => Assert.Contains($"[{value}]", theirs, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Every attribute of the table, given a value, is treated as its code says: at the top and nested.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_EveryAttributeOfTheTable_IsTreatedAsItsCodeSays(bool allOptions)
    {
        var options = allOptions
            ? DeidentificationOptions.Default
            : new DeidentificationOptions { CleanDescriptors = false, RetainLongitudinalModifiedDates = false, RetainPatientCharacteristics = false, SafePrivate = [] };
        var deidentifier = new Deidentifier(options, Key);
        var wrong = new List<string>();
        var count = 0;
        foreach (var rule in ConfidentialityTable.All)
        {
            if (rule.Tag.Keyword is null || rule.Tag.Group <= 2 || rule.Tag == DicomTag.DeidentificationMethodCodeSequence) { continue; }
            var dataset = new DicomDataset();
            dataset.AddOrUpdate(DicomTag.PatientID, "1");
            dataset.AddOrUpdate(DicomTag.StudyInstanceUID, "1.2.3");
            var nested = new DicomDataset();
            foreach (var target in (DicomDataset[])[dataset, nested]) { Fill(target, rule.Tag); }
            dataset.AddOrUpdate(new DicomSequence(DicomTag.ReferencedImageSequence, nested));
            var result = deidentifier.Apply(dataset).Dataset;
            foreach (var (before, after) in new[] { (dataset, result), (nested, result.Items(DicomTag.ReferencedImageSequence)[0]) })
            {
                count++;
                if (!IsRight(rule.Resolve(options), rule, before, after)) { wrong.Add($"{rule.Tag} {rule.Tag.Keyword}: {rule.Resolve(options)} gave {(after.Contains(rule.Tag) ? after.TryGetString(rule.Tag, out var text) ? text : "(no text)" : "nothing")}"); }
            }
        }
        Assert.True(count > 1100, $"only {count} attributes were tried");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Apply_Twice_GivesTheSame_AndAnotherKeyAnother()
    {
        var made = PlantedObject.Make(1).File;
        var first = Standard.Apply(made.Dataset);
        var again = Standard.Apply(made.Dataset);
        Assert.Equal(Save(first.Dataset, made.TransferSyntax), Save(again.Dataset, made.TransferSyntax));
        var other = new Deidentifier(DeidentificationOptions.Default, SHA256.HashData("another"u8)).Apply(made.Dataset);
        Assert.NotEqual(first.Pseudonym, other.Pseudonym);
        Assert.NotEqual(first.Dataset.GetString(DicomTag.StudyInstanceUID), other.Dataset.GetString(DicomTag.StudyInstanceUID));
    }

    [Fact]
    public void Apply_Dates_KeepTheirDistanceWithinAPatient()
    {
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.PatientID, "77");
        dataset.AddOrUpdate(DicomTag.StudyInstanceUID, "1.2.3");
        dataset.AddOrUpdate(DicomTag.StudyDate, "20200101");
        dataset.AddOrUpdate(DicomTag.AcquisitionDateTime, "20200131101112.5+0800");
        var result = Standard.Apply(dataset);
        var study = DateOnly.ParseExact(result.Dataset.GetString(DicomTag.StudyDate), "yyyyMMdd");
        var acquired = result.Dataset.GetString(DicomTag.AcquisitionDateTime);
        Assert.Equal(new DateOnly(2020, 1, 1).AddDays(result.DateOffsetDays), study);
        Assert.Equal(30, DateOnly.ParseExact(acquired[..8], "yyyyMMdd").DayNumber - study.DayNumber);
        Assert.EndsWith("101112.5+0800", acquired);
        Assert.InRange(result.DateOffsetDays, -3650, -30);
    }

    [Theory]
    [InlineData("GTV_Mass", "GTV_Mass")]
    [InlineData("CT Chest w contrast 5mm", "CT Chest w contrast 5mm")]
    [InlineData("Chest of Whitfield, MRN 1234567", "Chest of")]
    [InlineData("GTV_Whitfield", "GTV")]
    [InlineData("王小东 胸部", "")]
    public void Apply_Descriptor_KeepsOnlyWordsOfTheVocabulary(string before, string after)
    {
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        dataset.AddOrUpdate(DicomTag.PatientID, "1");
        dataset.AddOrUpdate(DicomTag.SeriesDescription, before);
        Assert.Equal(after, Standard.Apply(dataset).Dataset.GetSingleValueOrDefault(DicomTag.SeriesDescription, ""));
    }

    [Fact]
    public void Apply_SafePrivateNumber_StaysWithItsCreator_OtherPrivateGoes()
    {
        var result = Standard.Apply(PlantedObject.Make(2).File.Dataset).Dataset;
        Assert.Equal("12.5", result.GetString(new DicomTag(0x0019, 0x1023)).Trim());
        Assert.Equal("GEMS_ACQU_01", result.GetString(new DicomTag(0x0019, 0x0010)).Trim());
        Assert.DoesNotContain(result, item => item.Tag.Group == 0x0029);
    }

    [Fact]
    public void Apply_SecondaryCaptureAndUltrasound_AreHeldBack_UnlessARuleCoversThem()
    {
        var dataset = new DicomDataset();
        dataset.AddOrUpdate(DicomTag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.6.1");
        dataset.AddOrUpdate(DicomTag.PatientID, "1");
        dataset.AddOrUpdate(DicomTag.Modality, "US");
        dataset.AddOrUpdate(DicomTag.Manufacturer, "ACME");
        dataset.AddOrUpdate(DicomTag.Rows, (ushort)4);
        dataset.AddOrUpdate(DicomTag.Columns, (ushort)4);
        dataset.AddOrUpdate(DicomTag.SamplesPerPixel, (ushort)1);
        dataset.AddOrUpdate(DicomTag.BitsAllocated, (ushort)8);
        dataset.AddOrUpdate(new DicomElement(DicomTag.PixelData, DicomVR.OB, [.. Enumerable.Repeat((byte)9, 16)]));
        Assert.NotNull(Standard.Apply(dataset).HeldBack);

        var rule = new PixelRule { Modality = "US", Manufacturer = "acme", Regions = [new PixelRegion(1, 0, 2, 2)] };
        var result = new Deidentifier(DeidentificationOptions.Default with { PixelRules = [rule] }, Key).Apply(dataset);
        Assert.Null(result.HeldBack);
        Assert.Equal([9, 0, 0, 9, 9, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9], result.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.ToArray());
        Assert.Contains(result.Dataset.Items(DicomTag.DeidentificationMethodCodeSequence), item => item.GetString(DicomTag.CodeValue) == "113101");
    }

    [Fact]
    public void Verify_OutputThatStillNamesThePatient_IsFound()
    {
        var made = PlantedObject.Make(3).File;
        var result = Standard.Apply(made.Dataset);
        result.Dataset.AddOrUpdate(DicomTag.SoftwareVersions, made.Dataset.GetString(DicomTag.PatientID));
        result.Dataset.AddOrUpdate(DicomTag.PatientAddress, "somewhere");
        var findings = DeidentificationVerifier.Verify(DicomFile.Open(Save(result.Dataset, made.TransferSyntax)), made.Dataset, result, DeidentificationOptions.Default);
        Assert.Equal(2, findings.Count);
    }

    [Fact]
    public void Vault_Reidentify_GivesTheOriginalBack()
    {
        var made = PlantedObject.Make(4).File.Dataset;
        var result = Standard.Apply(made);
        var vault = new IdentityVault(Key);
        var boxes = new Dictionary<string, string>();
        foreach (var tag in (DicomTag[])[DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.SOPInstanceUID, DicomTag.AccessionNumber])
        {
            var pseudonym = result.Dataset.GetString(tag);
            boxes[pseudonym] = vault.Seal(pseudonym, made.GetString(tag));
        }
        var returned = result.Dataset.Clone();
        IdentityVault.Reidentify(returned, value => boxes.TryGetValue(value, out var box) ? vault.Open(value, box) : null, "Whitfield^Margaret", "PID1");
        foreach (var tag in (DicomTag[])[DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.SOPInstanceUID, DicomTag.AccessionNumber]) { Assert.Equal(made.GetString(tag), returned.GetString(tag)); }
        Assert.Equal("PID1", returned.GetString(DicomTag.PatientID));
        var (first, second) = (boxes.Keys.First(), boxes.Keys.Last());
        Assert.ThrowsAny<CryptographicException>(() => vault.Open(first, boxes[second]));
    }

    [Fact]
    public void Vault_UsedByManyThreads_SealsAndOpensEachValue()
    {
        var vault = new IdentityVault(Key);
        Parallel.For(0, 2000, n =>
        {
            var pseudonym = $"P{n}";
            Assert.Equal($"original {n}", vault.Open(pseudonym, vault.Seal(pseudonym, $"original {n}")));
        });
    }

    private static void Fill(DicomDataset dataset, DicomTag tag)
    {
        var vr = DicomDictionary.VR(tag);
        if (vr == DicomVR.SQ)
        {
            var inner = new DicomDataset();
            inner.AddOrUpdate(DicomTag.CodeMeaning, "Zzyzx");
            dataset.AddOrUpdate(new DicomSequence(tag, inner));
            return;
        }
        object value = vr.Code switch
        {
            "DA" => "20200315",
            "DT" => "20200315101010",
            "TM" => "101112",
            "AS" => "031Y",
            "UI" => "1.2.3.4.5",
            "IS" or "DS" => "77",
            _ => "Zzyzx",
        };
        if (vr.IsText) { dataset.AddOrUpdate(vr, tag, (string)value); }
        else { dataset.AddOrUpdate(new DicomElement(tag, vr, [.. Enumerable.Repeat((byte)7, 8)])); }
    }

    private static bool IsRight(DeidentificationAction action, ConfidentialityRule rule, DicomDataset before, DicomDataset after)
    {
        var tag = rule.Tag;
        var text = after.TryGetString(tag, out var found) ? found : "";
        var was = before.TryGetString(tag, out var original) ? original : "";
        if (after.Find(tag) is DicomSequence sequence) { return action is not DeidentificationAction.Remove && (action != DeidentificationAction.Empty || sequence.Count == 0) && (action != DeidentificationAction.CleanText || !sequence.Items[0].TryGetString(DicomTag.CodeMeaning, out _)); }
        if (tag == DicomTag.PatientName || tag == DicomTag.PatientID) { return text.StartsWith("BM", StringComparison.Ordinal); }
        if (tag == DicomTag.AccessionNumber || tag == DicomTag.DeidentificationMethod) { return text != was; }
        return action switch
        {
            DeidentificationAction.Remove => !after.Contains(tag),
            DeidentificationAction.Empty => after.Contains(tag) && text.Length == 0,
            DeidentificationAction.Dummy => after.Contains(tag) && text != was,
            DeidentificationAction.ReplaceUid => text.StartsWith("2.25.", StringComparison.Ordinal),
            DeidentificationAction.ShiftDate => DicomDictionary.VR(tag).Code switch { "TM" => text == was, "DA" or "DT" => text.Length == was.Length && text != was, _ => !after.Contains(tag) },
            DeidentificationAction.CleanText => !text.Contains("Zzyzx", StringComparison.Ordinal),
            _ => text == was,
        };
    }

    private static byte[] Save(DicomDataset dataset, DicomTransferSyntax syntax)
    {
        using var file = new MemoryStream();
        new DicomFile(dataset, syntax).Save(file);
        return file.ToArray();
    }

    private static IEnumerable<string> Texts(DicomDataset dataset)
    {
        foreach (var item in dataset)
        {
            if (item is DicomSequence sequence)
            {
                foreach (var text in sequence.Items.SelectMany(Texts)) { yield return text; }
            }
            else if (item.VR.IsText) { yield return dataset.GetString(item.Tag); }
        }
    }
}
