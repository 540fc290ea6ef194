using System.Text;
using BoneMet.Dicom;

namespace BoneMet.UnitTests.Deidentification;

/// <summary>A generated object with planted identifiers: at the top, nested, private, in overlays, in unknown attributes, in text of every character set.</summary>
internal sealed class PlantedObject
{
    /// <summary>Every repertoire of PS3.3 C.12.1.1.2; those that switch by escape sequences hold the bytes of PS3.5's own examples.</summary>
    private static readonly (string Term, string Name, string Text)[] Sets =
    [
        ("", "Whitfield^Margaret", "referred by Whitfield"),
        ("ISO_IR 100", "Müller^Jürgen", "überwiesen von Müller"),
        ("ISO_IR 101", "Wałęsa^Łukasz", "skierował Wałęsa"),
        ("ISO_IR 109", "Ċaruana^Ġorġ", "Ġorġ Ċaruana"),
        ("ISO_IR 110", "Kalniņš^Jānis", "Jānis Kalniņš"),
        ("ISO_IR 144", "Иванов^Пётр", "направлен Ивановым"),
        ("ISO_IR 127", "قباني^لنزار", "تقرير قباني"),
        ("ISO_IR 126", "Διονυσιος", "Διονυσιος εξεταση"),
        ("ISO_IR 138", "שרון^דבורה", "בדיקה של שרון"),
        ("ISO_IR 148", "Çavuşoğlu^Işıl", "Işıl Çavuşoğlu"),
        ("ISO_IR 203", "Œuvrard^Žofie", "Žofie Œuvrard"),
        ("ISO_IR 166", "นามสกุล^สมชาย", "รายงาน สมชาย"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ISO_IR 192", "李^明华=Li^Minghua", "患者李明华"),
        ("GB18030", "王^小东", "患者王小东复查"),
        ("GBK", "赵^国强", "患者赵国强"),
        ("ISO 2022 IR 87", "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B", "\u001b$B;3ED\u001b(B"),
        ("ISO 2022 IR 159", "Okada^Goro=\u001b$(D0!0#\u001b(B^\u001b$(D0$0%\u001b(B", "\u001b$(D0!0#\u001b(B"),
        ("ISO 2022 IR 149", "Hong^Gildong=\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7", "\u001b$)C\u00fb\u00f3"),
        ("ISO 2022 IR 58", "Zhang^XiaoDong=\u001b$)A\u00d5\u00c5^\u001b$)A\u00d0\u00a1\u00b6\u00ab", "\u001b$)A\u00d5\u00c5"),
    ];

    /// <summary>Objects that it takes for every repertoire to have come up.</summary>
    public static int Repertoires => Sets.Length;

    public required DicomFile File { get; init; }

    /// <summary>What must not be found in any form.</summary>
    public List<string> Planted { get; } = [];

    /// <summary>Byte strings of the same, in the object's own character set.</summary>
    public List<byte[]> PlantedBytes { get; } = [];

    public static PlantedObject Make(int seed)
    {
        var random = new Random(seed);
        var (term, name, sentence) = Sets[seed % Sets.Length];
        var dataset = new DicomDataset();
        var made = new PlantedObject { File = new DicomFile(dataset, seed % 3 == 0 ? DicomTransferSyntax.ImplicitVRLittleEndian : DicomTransferSyntax.ExplicitVRLittleEndian) };
        var switches = term.Contains("2022", StringComparison.Ordinal);
        if (term.Length > 0) { dataset.AddOrUpdate<string>(DicomTag.SpecificCharacterSet, switches ? ["", term] : [term]); }
        string Code(string prefix) => $"{prefix}{random.Next(1_000_000, 9_999_999)}Q";
        string Uid() => $"1.3.6.1.4.1.99999.{random.Next(1_000_000, 9_999_999)}.{random.Next(1_000_000, 9_999_999)}";
        void Plant<T>(DicomDataset target, DicomTag tag, T value)
        {
            // Text with escape sequences is given as its bytes; the encoder would turn the whole object to UTF-8 instead.
            if (switches && value is string raw && raw.Contains('\u001b', StringComparison.Ordinal)) { target.AddOrUpdate(new DicomElement(tag, DicomDictionary.VR(tag), Encoding.Latin1.GetBytes(raw.Length % 2 == 0 ? raw : raw + " "))); }
            else { target.AddOrUpdate(tag, value); }
            made.Planted.Add(target.GetString(tag));
            made.PlantedBytes.Add(target.GetDicomItem<DicomElement>(tag).Buffer.ToArray().AsSpan().TrimEnd((byte)' ').TrimEnd((byte)0).ToArray());
        }

        dataset.AddOrUpdate(DicomTag.SOPClassUID, seed % 5 == 4 ? "1.2.840.10008.5.1.4.1.1.88.22" : "1.2.840.10008.5.1.4.1.1.2");
        dataset.AddOrUpdate(DicomTag.Modality, seed % 5 == 4 ? "SR" : "CT");
        Plant(dataset, DicomTag.SOPInstanceUID, Uid());
        Plant(dataset, DicomTag.StudyInstanceUID, Uid());
        Plant(dataset, DicomTag.SeriesInstanceUID, Uid());
        Plant(dataset, DicomTag.FrameOfReferenceUID, Uid());
        Plant(dataset, DicomTag.PatientName, name);
        Plant(dataset, DicomTag.PatientID, Code("PID"));
        Plant(dataset, DicomTag.PatientBirthDate, $"19{random.Next(30, 90)}0{random.Next(1, 9)}1{random.Next(1, 9)}");
        Plant(dataset, DicomTag.AccessionNumber, Code("ACC"));
        Plant(dataset, DicomTag.StudyDate, $"201{random.Next(0, 9)}0{random.Next(1, 9)}2{random.Next(0, 8)}");
        Plant(dataset, DicomTag.ReferringPhysicianName, $"{Code("Doctor")}^Ann");
        Plant(dataset, DicomTag.InstitutionName, Code("Clinic"));
        Plant(dataset, DicomTag.InstitutionAddress, $"{Code("Street")} 7");
        Plant(dataset, DicomTag.StationName, Code("STN"));
        Plant(dataset, DicomTag.OperatorsName, $"{Code("Operator")}^Kim");
        Plant(dataset, DicomTag.PatientAddress, Code("Road"));
        Plant(dataset, DicomTag.PatientTelephoneNumbers, Code("+7495"));
        Plant(dataset, DicomTag.OtherPatientIDs, Code("OTH"));
        Plant(dataset, DicomTag.StudyID, Code("ST"));
        Plant(dataset, DicomTag.DeviceSerialNumber, Code("SN"));
        Plant(dataset, DicomTag.AdmissionID, Code("ADM"));
        Plant(dataset, DicomTag.StudyDescription, $"CT chest {Code("Mr")}");
        Plant(dataset, DicomTag.ImageComments, $"{sentence} {Code("Tel")}");
        Plant(dataset, DicomTag.AdditionalPatientHistory, $"{name} {Code("history")}");
        Plant(dataset, DicomTag.PatientComments, Code("comment"));
        Plant(dataset, DicomTag.RequestedProcedureDescription, Code("proc"));

        var request = new DicomDataset();
        dataset.AddOrUpdate(new DicomSequence(DicomTag.RequestAttributesSequence, request));
        Plant(request, DicomTag.RequestedProcedureID, Code("REQ"));
        Plant(request, DicomTag.ScheduledProcedureStepDescription, Code("step"));
        var reference = new DicomDataset();
        dataset.AddOrUpdate(new DicomSequence(DicomTag.ReferencedStudySequence, reference));
        Plant(reference, DicomTag.ReferencedSOPInstanceUID, Uid());
        var deep = new DicomDataset();
        reference.AddOrUpdate(new DicomSequence(DicomTag.PurposeOfReferenceCodeSequence, deep));
        Plant(deep, DicomTag.PersonName, $"{Code("Deep")}^Nested");

        var creator = new DicomTag(0x0029, 0x0010);
        dataset.AddOrUpdate(DicomVR.LO, creator, "ACME SECRETS");
        var secret = Encoding.ASCII.GetBytes(Code("PRIV") + " ");
        dataset.AddOrUpdate(new DicomElement(new DicomTag(0x0029, 0x1001), DicomVR.OB, secret));
        made.PlantedBytes.Add(secret.AsSpan().TrimEnd((byte)' ').ToArray());
        dataset.AddOrUpdate(DicomVR.LO, new DicomTag(0x0019, 0x0010), "GEMS_ACQU_01");
        dataset.AddOrUpdate(new DicomElement(new DicomTag(0x0019, 0x1023), DicomVR.DS, "12.5"u8.ToArray()));
        var overlay = Encoding.ASCII.GetBytes(Code("OVERLAY"));
        dataset.AddOrUpdate(new DicomElement(new DicomTag(0x6000, 0x3000), DicomVR.OW, [.. overlay, .. new byte[overlay.Length % 2]]));
        made.PlantedBytes.Add(overlay);
        var unknown = Encoding.ASCII.GetBytes(Code("UNKNOWN") + " ");
        dataset.AddOrUpdate(new DicomElement(new DicomTag(0x0008, 0x4999), DicomVR.LO, unknown));
        made.PlantedBytes.Add(unknown.AsSpan().TrimEnd((byte)' ').ToArray());
        if (seed % 5 == 4)
        {
            var text = new DicomDataset();
            dataset.AddOrUpdate(new DicomSequence(DicomTag.ContentSequence, text));
            Plant(text, DicomTag.TextValue, $"{Code("Report")} of {name}");
            Plant(text, DicomTag.UID, Uid());
        }
        dataset.AddOrUpdate(DicomTag.PatientSex, "F");
        dataset.AddOrUpdate(DicomTag.PatientAge, "054Y");
        dataset.AddOrUpdate(DicomTag.PatientWeight, 61.5);
        return made;
    }
}
