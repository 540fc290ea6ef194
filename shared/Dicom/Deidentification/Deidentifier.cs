using System.Buffers;
using System.Globalization;

namespace BoneMet.Dicom.Deidentification;

/// <summary>
/// The Basic Application Level Confidentiality Profile of PS3.15 Annex E with options, by the standard's own table, in every nested item. Beyond the table it removes
/// what cannot be judged: attributes that PS3.6 does not know, overlays, curves, private attributes that are not on the safe list.
/// </summary>
public sealed class Deidentifier
{
    private const string StandardRoot = "1.2.840.10008.";
    private const string DummyText = "REMOVED";
    private const int ShortestIdentityWord = 2;
    private const long LargestPixelEdit = 1L << 30;
    private static readonly SearchValues<char> TimePart = SearchValues.Create("0123456789.+-");

    private static readonly HashSet<uint> Classes =
    [
        DicomTag.SOPClassUID.Value, DicomTag.ReferencedSOPClassUID.Value, DicomTag.CodingSchemeUID.Value, DicomTag.ContextUID.Value, DicomTag.MappingResourceUID.Value,
        DicomTag.RelatedGeneralSOPClassUID.Value, DicomTag.OriginalSpecializedSOPClassUID.Value,
    ];

    private static readonly HashSet<uint> CodeAttributes = [DicomTag.CodeValue.Value, DicomTag.CodingSchemeDesignator.Value, DicomTag.CodingSchemeVersion.Value, DicomTag.CodeMeaning.Value];

    /// <summary>Values that identify the patient or say who had to do with them, besides all person names.</summary>
    private static readonly DicomTag[] Identifiers =
    [
        DicomTag.PatientID, DicomTag.OtherPatientIDs, DicomTag.AccessionNumber, DicomTag.PatientBirthDate, DicomTag.PatientAddress, DicomTag.PatientTelephoneNumbers, DicomTag.MedicalRecordLocator,
        DicomTag.AdmissionID, DicomTag.StudyID, DicomTag.IssuerOfPatientID, DicomTag.ReferringPhysicianAddress, DicomTag.ReferringPhysicianTelephoneNumbers,
    ];

    private readonly DeidentificationOptions options;
    private readonly Pseudonymizer pseudonyms;
    private readonly HashSet<string> extraWords;

    /// <param name="options">What is kept beyond the basic profile.</param>
    /// <param name="key">The site's secret, 32 bytes or more.</param>
    public Deidentifier(DeidentificationOptions options, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        pseudonyms = new Pseudonymizer(key);
        extraWords = [.. options.ExtraWords.SelectMany(TextCleaner.Words)];
    }

    public Pseudonymizer Pseudonyms => pseudonyms;

    /// <summary>A new data set without identity; the original is not changed. Large values stay where they are.</summary>
    public DeidentifiedDataset Apply(DicomDataset original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var source = original.Clone().ConvertToUtf8();
        var identity = IdentityOf(source);
        var run = new Run(pseudonyms.Patient(identity), options.RetainLongitudinalModifiedDates ? pseudonyms.OffsetDays(identity) : 0);
        CollectIdentity(source, run);
        var result = new DicomDataset();
        Treat(source, result, "", Scrutiny.Table, run);
        result.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        var held = RiskyPixels(source) ?? CleanPixels(source, result, run);
        Mark(result, run.PixelsCleaned);
        return new DeidentifiedDataset { Dataset = result, HeldBack = held, Pseudonym = run.Pseudonym, DateOffsetDays = run.OffsetDays, Changes = run.Changes, Identity = run.Identity };
    }

    /// <summary>What the patient is known by: the ID, else name and birth date, else the study.</summary>
    private static string IdentityOf(DicomDataset dataset)
    {
        var id = dataset.GetSingleValueOrDefault(DicomTag.PatientID, "").Trim();
        if (id.Length > 0) { return id; }
        var name = dataset.GetSingleValueOrDefault(DicomTag.PatientName, "").Trim();
        return name.Length > 0 ? $"{name}|{dataset.GetSingleValueOrDefault(DicomTag.PatientBirthDate, "").Trim()}" : dataset.GetSingleValueOrDefault(DicomTag.StudyInstanceUID, "").Trim();
    }

    private static void CollectIdentity(DicomDataset dataset, Run run)
    {
        foreach (var item in dataset)
        {
            if (item is DicomSequence sequence)
            {
                foreach (var inner in sequence.Items) { CollectIdentity(inner, run); }
                continue;
            }
            if (item is not DicomElement element || element.Length is 0 or > 1024) { continue; }
            if (element.VR != DicomVR.PN && Array.IndexOf(Identifiers, element.Tag) < 0) { continue; }
            foreach (var value in dataset.GetString(element.Tag).Split('\\'))
            {
                var whole = value.Trim();
                if (whole.Length > 0) { run.Identity.Add(whole); }
                foreach (var word in TextCleaner.Words(whole))
                {
                    if (word.Length >= ShortestIdentityWord || word[0] > 127) { run.Words.Add(word); }
                }
            }
        }
    }

    private void Treat(DicomDataset source, DicomDataset result, string path, Scrutiny scrutiny, Run run)
    {
        foreach (var item in source)
        {
            if (item.Tag.Group <= 2 || item.Tag.Element == 0) { continue; }
            var rule = ConfidentialityTable.Find(item.Tag);
            var action = Decide(source, item, rule, scrutiny, run);
            switch (item)
            {
                case DicomSequence sequence when action != DeidentificationAction.Remove:
                    var copy = new DicomSequence(sequence.Tag);
                    result.AddOrUpdate(copy);
                    if (action == DeidentificationAction.Empty) { break; }
                    for (var n = 0; n < sequence.Items.Count; n++)
                    {
                        var inner = new DicomDataset();
                        copy.Add(inner);
                        Treat(sequence.Items[n], inner, options.RecordChanges ? $"{path}{item.Tag} {item.Tag.Keyword} [{n + 1}] > " : "", Within(scrutiny, action), run);
                    }
                    continue;
                case DicomElement element when action != DeidentificationAction.Remove:
                    Element(source, element, action, rule, result, run);
                    break;
                case DicomFragmentSequence when action == DeidentificationAction.Keep:
                    result.AddOrUpdate(item);
                    break;
                default:
                    action = DeidentificationAction.Remove;
                    break;
            }
            if (options.RecordChanges && action != DeidentificationAction.Keep) { Record(source, item, action, result, path, run); }
        }
        RemoveOrphanedCreators(result);
    }

    private DeidentificationAction Decide(DicomDataset source, DicomItem item, ConfidentialityRule? rule, Scrutiny scrutiny, Run run)
    {
        var tag = item.Tag;
        if (tag.IsPrivate) { return IsSafePrivate(source, item) ? DeidentificationAction.Keep : DeidentificationAction.Remove; }
        if ((tag.Group & 0xFF00) is 0x5000 or 0x6000 || tag.Keyword is null) { return DeidentificationAction.Remove; }
        if (tag == DicomTag.PatientName || tag == DicomTag.PatientID || tag == DicomTag.AccessionNumber) { return DeidentificationAction.Pseudonym; }
        // What an earlier de-identification said of itself is not true of this one; it is written anew.
        if (tag == DicomTag.PatientIdentityRemoved || tag == DicomTag.DeidentificationMethod || tag == DicomTag.DeidentificationMethodCodeSequence) { return DeidentificationAction.Remove; }
        if (rule is not null) { return ByRule(item, rule); }

        if (item is not DicomElement element) { return DeidentificationAction.Keep; }
        var vr = element.VR == DicomVR.UN ? DicomDictionary.VR(tag) : element.VR;
        // A sequence that came as unknown bytes cannot be looked into.
        if (vr == DicomVR.SQ) { return DeidentificationAction.Remove; }
        if (vr == DicomVR.PN) { return DeidentificationAction.Dummy; }
        if (vr == DicomVR.UI) { return Classes.Contains(tag.Value) ? DeidentificationAction.Keep : DeidentificationAction.ReplaceUid; }
        if (vr == DicomVR.DA || vr == DicomVR.DT) { return options.RetainLongitudinalModifiedDates ? DeidentificationAction.ShiftDate : DeidentificationAction.Empty; }
        if (!vr.IsText || vr == DicomVR.DS || vr == DicomVR.IS || vr == DicomVR.TM || vr == DicomVR.AS || tag == DicomTag.SpecificCharacterSet) { return DeidentificationAction.Keep; }
        if (scrutiny == Scrutiny.AllText && vr.UsesCharacterSet && tag != DicomTag.CodeValue) { return DeidentificationAction.CleanText; }
        if (scrutiny == Scrutiny.FreeText && vr.UsesCharacterSet && !CodeAttributes.Contains(tag.Value)) { return DeidentificationAction.CleanText; }
        return element.Length > 0 && NamesThePatient(source.GetString(tag), run) ? DeidentificationAction.CleanText : DeidentificationAction.Keep;
    }

    private DeidentificationAction ByRule(DicomItem item, ConfidentialityRule rule)
    {
        var action = rule.Resolve(options);
        if (action == DeidentificationAction.ShiftDate && item.VR == DicomVR.TM) { return DeidentificationAction.Keep; }
        if (action == DeidentificationAction.ShiftDate && item is DicomElement && item.VR != DicomVR.DA && item.VR != DicomVR.DT) { return DeidentificationAction.Remove; }
        // Descriptors that are sequences hold codes: their items are looked through one by one.
        return action is DeidentificationAction.ReplaceUid or DeidentificationAction.ShiftDate && item is DicomSequence ? DeidentificationAction.Dummy : action;
    }

    private static Scrutiny Within(Scrutiny around, DeidentificationAction action) => action switch
    {
        DeidentificationAction.CleanText => Scrutiny.AllText,
        DeidentificationAction.Dummy when around == Scrutiny.Table => Scrutiny.FreeText,
        _ => around,
    };

    private static bool NamesThePatient(string text, Run run)
    {
        foreach (var word in TextCleaner.Words(text))
        {
            if (run.Words.Contains(word) && (word.Length > 3 || word[0] > 127)) { return true; }
        }
        return false;
    }

    private bool IsSafePrivate(DicomDataset source, DicomItem item)
    {
        // Creators are kept for now and go again where nothing of their block stayed.
        if (item.Tag.IsPrivateCreator) { return item is DicomElement && options.SafePrivate.Any(safe => safe.Group == item.Tag.Group && source.GetSingleValueOrDefault(item.Tag, "").Trim() == safe.Creator); }
        if (item is not DicomElement element || element.Length > 1024 || source.GetPrivateCreator(item.Tag)?.Trim() is not { } creator) { return false; }
        if (!options.SafePrivate.Any(safe => safe.Group == item.Tag.Group && safe.Element == (item.Tag.Element & 0xFF) && safe.Creator == creator)) { return false; }
        return element.VR.Kind == DicomVRKind.Number || ((element.VR == DicomVR.DS || element.VR == DicomVR.IS)
            && source.GetString(item.Tag).Split('\\').All(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));
    }

    private static void RemoveOrphanedCreators(DicomDataset result) =>
        result.Remove(item => item.Tag.IsPrivateCreator && !result.Any(other => other.Tag.Group == item.Tag.Group && other.Tag.Element >> 8 == item.Tag.Element));

    private void Element(DicomDataset source, DicomElement element, DeidentificationAction action, ConfidentialityRule? rule, DicomDataset result, Run run)
    {
        var tag = element.Tag;
        switch (action)
        {
            case DeidentificationAction.Keep:
                result.AddOrUpdate(element);
                break;
            case DeidentificationAction.Empty:
                result.AddOrUpdate(new DicomElement(tag, element.VR, []));
                break;
            case DeidentificationAction.Dummy:
                Dummy(element, result);
                break;
            case DeidentificationAction.ReplaceUid:
                var uids = source.GetString(tag).Split('\\').Select(uid => uid.Trim(' ', '\0')).Select(uid => uid.Length == 0 || uid.StartsWith(StandardRoot, StringComparison.Ordinal) ? uid : pseudonyms.Uid(uid));
                result.AddOrUpdate(DicomVR.UI, tag, [.. uids]);
                break;
            case DeidentificationAction.ShiftDate:
                var dates = source.GetString(tag).Split('\\').Select(date => Shift(date.Trim(), run.OffsetDays));
                result.AddOrUpdate(element.VR == DicomVR.UN ? DicomDictionary.VR(tag) : element.VR, tag, [.. dates]);
                break;
            case DeidentificationAction.CleanText:
                Clean(source, element, rule, result, run);
                break;
            case DeidentificationAction.Pseudonym:
                var value = tag == DicomTag.AccessionNumber
                    ? source.GetSingleValueOrDefault(tag, "").Trim() is { Length: > 0 } number ? pseudonyms.Number("accession", number) : ""
                    : run.Pseudonym;
                result.AddOrUpdate(tag, value);
                break;
            default:
                throw new InvalidOperationException($"{action} is not done with elements.");
        }
    }

    private void Clean(DicomDataset source, DicomElement element, ConfidentialityRule? rule, DicomDataset result, Run run)
    {
        var vr = element.VR == DicomVR.UN ? DicomDictionary.VR(element.Tag) : element.VR;
        if (!vr.IsText) { return; }
        var cleaned = string.Join('\\', (vr.IsMultiple ? source.GetString(element.Tag).Split('\\') : [source.GetString(element.Tag).Replace('\\', ' ')])
            .Select(value => TextCleaner.Clean(value, run.Words, extraWords)));
        if (cleaned.Trim('\\').Length > 0) { result.AddOrUpdate(vr, element.Tag, vr.IsMultiple ? cleaned.Split('\\') : [cleaned]); }
        else if (rule is null || rule.Basic is "Z" or "X/Z") { result.AddOrUpdate(new DicomElement(element.Tag, vr, [])); }
        else if (rule.Basic.Contains('D', StringComparison.Ordinal)) { Dummy(element, result); }
    }

    private static void Dummy(DicomElement element, DicomDataset result)
    {
        var vr = element.VR == DicomVR.UN ? DicomDictionary.VR(element.Tag) : element.VR;
        var tag = element.Tag;
        switch (vr.Code)
        {
            case "PN": result.AddOrUpdate(vr, tag, "ANONYMOUS"); break;
            case "DA": result.AddOrUpdate(vr, tag, "19000101"); break;
            case "DT": result.AddOrUpdate(vr, tag, "19000101000000"); break;
            case "TM": result.AddOrUpdate(vr, tag, "000000"); break;
            case "AS": result.AddOrUpdate(vr, tag, "000Y"); break;
            case "IS" or "DS": result.AddOrUpdate(vr, tag, "0"); break;
            case "UR": result.AddOrUpdate(vr, tag, "about:blank"); break;
            default:
                if (vr.IsText) { result.AddOrUpdate(vr, tag, DummyText); }
                else if (vr.Kind == DicomVRKind.Number) { result.AddOrUpdate(new DicomElement(tag, vr, new byte[vr.UnitSize])); }
                else { result.AddOrUpdate(new DicomElement(tag, vr == DicomVR.SQ ? DicomVR.UN : vr, vr == DicomVR.OB || vr == DicomVR.OW ? new byte[2] : [])); }
                break;
        }
    }

    /// <summary>Moves the date part of a DA or DT; what is no full date (a range, a typing error, a year alone) is left out.</summary>
    private static string Shift(string value, int days)
    {
        var compact = value.Length >= 10 && value[4] == '.' && value[7] == '.' ? value.Remove(7, 1).Remove(4, 1) : value;
        if (compact.Length < 8 || !DateTime.TryParseExact(compact[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) { return ""; }
        if (compact.AsSpan(8).ContainsAnyExcept(TimePart)) { return ""; }
        if ((date - DateTime.MinValue).TotalDays + days < 0) { return ""; }
        return date.AddDays(days).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + compact[8..];
    }

    /// <summary>Objects whose pixels or content are likely to show identity and that no rule covers.</summary>
    private string? RiskyPixels(DicomDataset source)
    {
        if (!options.HoldBackRiskyPixels || options.PixelRules.Any(rule => rule.Matches(source))) { return null; }
        var sopClass = source.GetSingleValueOrDefault(DicomTag.SOPClassUID, "");
        if (sopClass == "1.2.840.10008.5.1.4.1.1.7" || sopClass.StartsWith("1.2.840.10008.5.1.4.1.1.7.", StringComparison.Ordinal)) { return "It is a secondary capture, which often shows the patient's name in the picture."; }
        if (sopClass is "1.2.840.10008.5.1.4.1.1.3" or "1.2.840.10008.5.1.4.1.1.3.1" or "1.2.840.10008.5.1.4.1.1.6" or "1.2.840.10008.5.1.4.1.1.6.1" or "1.2.840.10008.5.1.4.1.1.6.2" || source.GetSingleValueOrDefault(DicomTag.Modality, "") == "US")
        {
            return "It is an ultrasound image, which often shows the patient's name in the picture.";
        }
        if (sopClass.StartsWith("1.2.840.10008.5.1.4.1.1.104.", StringComparison.Ordinal)) { return "It is an encapsulated document, whose text cannot be cleaned."; }
        if (string.Equals(source.GetSingleValueOrDefault(DicomTag.BurnedInAnnotation, "").Trim(), "YES", StringComparison.OrdinalIgnoreCase)) { return "It says of itself that text is burnt into its pixels."; }
        return source.TryGetValues<string>(DicomTag.ImageType, out var type) && type.Contains("LABEL", StringComparer.OrdinalIgnoreCase) ? "It is the picture of a slide's label." : null;
    }

    /// <summary>Blanks regions and the bits that embedded overlays use. Returns why that cannot be done, or null.</summary>
    private string? CleanPixels(DicomDataset source, DicomDataset result, Run run)
    {
        var rule = options.PixelRules.FirstOrDefault(candidate => candidate.Matches(source));
        var embedded = source.Any(item => (item.Tag.Group & 0xFF00) == 0x6000 && item.Tag.Element == 0x0102 && source.GetSingleValueOrDefault(item.Tag, (ushort)0) != 0);
        run.PixelsCleaned = rule is not null;
        if ((rule is null || rule.Regions.Count == 0) && !embedded) { return null; }
        if (result.Find(DicomTag.PixelData) is not { } pixels) { return null; }
        if (pixels is not DicomElement element) { return "Its pixels are compressed and parts of them would have to be blanked."; }
        if (element.Length > LargestPixelEdit) { return "Its pixels are too large to be blanked in part."; }
        result.AddOrUpdate(new DicomElement(element.Tag, element.VR, PixelCleaner.Clean(source, element.Buffer.ToArray(), rule?.Regions ?? [], embedded)));
        return null;
    }

    private void Mark(DicomDataset result, bool pixelsCleaned)
    {
        result.AddOrUpdate(DicomTag.PatientIdentityRemoved, "YES");
        result.AddOrUpdate(DicomTag.DeidentificationMethod, "BoneMet: PS3.15 Annex E Basic Profile with options");
        var codes = new List<(string Value, string Meaning)> { ("113100", "Basic Application Confidentiality Profile") };
        if (pixelsCleaned) { codes.Add(("113101", "Clean Pixel Data Option")); }
        if (options.CleanDescriptors) { codes.Add(("113105", "Clean Descriptors Option")); }
        if (options.RetainLongitudinalModifiedDates) { codes.Add(("113107", "Retain Longitudinal Temporal Information Modified Dates Option")); }
        if (options.RetainPatientCharacteristics) { codes.Add(("113108", "Retain Patient Characteristics Option")); }
        if (options.SafePrivate.Count > 0) { codes.Add(("113111", "Retain Safe Private Option")); }
        var sequence = new DicomSequence(DicomTag.DeidentificationMethodCodeSequence);
        foreach (var (value, meaning) in codes)
        {
            var item = new DicomDataset();
            item.AddOrUpdate(DicomTag.CodeValue, value);
            item.AddOrUpdate(DicomTag.CodingSchemeDesignator, "DCM");
            item.AddOrUpdate(DicomTag.CodeMeaning, meaning);
            sequence.Add(item);
        }
        result.AddOrUpdate(sequence);
        result.AddOrUpdate(DicomTag.LongitudinalTemporalInformationModified, options.RetainLongitudinalModifiedDates ? "MODIFIED" : "REMOVED");
    }

    private static void Record(DicomDataset source, DicomItem item, DeidentificationAction action, DicomDataset result, string path, Run run)
    {
        var before = item is DicomElement ? Shown(source, item.Tag) : $"({(item as DicomSequence)?.Count ?? 0} items)";
        var after = result.Find(item.Tag) switch { null => null, DicomElement => Shown(result, item.Tag), var other => $"({(other as DicomSequence)?.Count ?? 0} items)" };
        if (before != after) { run.Changes.Add(new DeidentificationChange($"{path}{item.Tag} {item.Tag.Keyword ?? (item.Tag.IsPrivate ? "private" : "unknown")}", action, before, after)); }
    }

    private static string Shown(DicomDataset dataset, DicomTag tag)
    {
        const int longest = 80;
        if (!dataset.TryGetElement(tag, out var element)) { return ""; }
        if (!element.VR.IsText && element.Length > 64) { return $"({element.Length} bytes)"; }
        var text = element.Length > 4096 ? $"({element.Length} bytes)" : dataset.GetString(tag);
        return text.Length > longest ? text[..longest] + "…" : text;
    }

    /// <summary>How text that the table does not name is looked at, by the sequence that it is in.</summary>
    private enum Scrutiny
    {
        /// <summary>Stays unless it names the patient.</summary>
        Table,

        /// <summary>In content that gets dummy values: free text is cleaned, codes stay.</summary>
        FreeText,

        /// <summary>In descriptors: the meaning of codes is cleaned as well.</summary>
        AllText,
    }

    /// <summary>What belongs to one data set while it is treated.</summary>
    private sealed class Run(string pseudonym, int offsetDays)
    {
        public string Pseudonym { get; } = pseudonym;
        public int OffsetDays { get; } = offsetDays;
        public HashSet<string> Identity { get; } = new(StringComparer.Ordinal);
        public HashSet<string> Words { get; } = new(StringComparer.Ordinal);
        public List<DeidentificationChange> Changes { get; } = [];
        public bool PixelsCleaned { get; set; }
    }
}
